// What a checkpoint's names and shapes tell about its architecture.
import type { Checkpoint } from '../../checkpoints/checkpoint.ts';

/** The part of a checkpoint the configs look at. */
export type TensorNames = Pick<Checkpoint, 'tensors'>;

/** One dimension of a tensor, or undefined when the tensor is not there. */
export function dimension({ tensors }: TensorNames, name: string, axis: number): number | undefined {
  return tensors.get(name)?.shape[axis];
}

/** Number of consecutive blocks `PREFIX0.`, `PREFIX1.`, ... that have tensors. */
export function blockCount({ tensors }: TensorNames, prefix: string): number {
  const indices = new Set<number>();
  for (const name of tensors.keys()) {
    const index = name.startsWith(prefix) ? /^\d{1,4}(?=\.)/.exec(name.slice(prefix.length))?.[0] : undefined;
    if (index !== undefined) indices.add(Number(index));
  }
  let count = 0;
  while (indices.has(count)) count++;
  return count;
}
