// A checkpoint whose linear layers multiply in int8: which matrices those are is found by building the graph once.
import { Graph } from '@tessera/graph';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import type { TensorSource } from '../parameters.ts';
import { int8Weights } from './cache-file.ts';

/**
 * The checkpoint with int8 matrices for every linear layer that `build` applies and that may be rounded. They are kept in
 * `folder` for the next time.
 * @throws Int8CacheError, and the errors of reading the checkpoint
 */
export async function int8Source(
  checkpoint: Checkpoint,
  build: (graph: Graph, source: TensorSource) => unknown,
  folder: string,
): Promise<TensorSource> {
  const shapes = new Map<string, readonly [number, number]>();
  const exact: TensorSource = { path: checkpoint.path, tensor: (name, shape) => checkpoint.tensor(name, shape) };
  build(new Graph(), {
    ...exact,
    int8(name, shape) {
      shapes.set(name, shape);
      return undefined;
    },
  });
  if (shapes.size === 0) return exact;
  const weights = await int8Weights(checkpoint, shapes, folder);
  return { ...exact, int8: (name) => weights.get(name) };
}
