// Steps as an engine would send them, from a seeded generator.
import type { StepRecord } from '@tessera/protocol';
import { randomOf } from '@tessera/protocol/testing';

export interface StepsOptions {
  readonly seed?: number;
  readonly first?: number;
  readonly count: number;
  readonly positions?: number;
  readonly codebook?: number;
  readonly channels?: number;
}

/** Tokens change at one position in eight per step; losses fall; a meter is read every tenth step. */
export function stepsOf({ seed = 1, first = 0, count, positions = 32, codebook = 4096, channels }: StepsOptions) {
  const all: StepRecord[] = [];
  const random = randomOf(seed);
  let indices = Int32Array.from({ length: positions }, () => Math.floor(random() * codebook));
  // Steps before `first` are drawn as well, so that a batch is the same whether or not it was asked for alone.
  for (let step = 0; step < first + count; step++) {
    const before = indices;
    if (step > 0) indices = indices.map((token) => (random() < 0.125 ? Math.floor(random() * codebook) : token));
    const skipped = random() < 0.01;
    const vectors = channels && Float32Array.from({ length: positions * channels }, () => random() - 0.5);
    const changed = vectors ? [] : Array.from(indices.keys()).filter((i) => indices[i] !== before[i]);
    const loss = Math.fround(1 / (step + 1) + random() * 0.01);
    all.push({
      step,
      loss: skipped ? Number.NaN : loss,
      regularisation: Math.fround(random() * 0.001),
      terms: [
        {
          kind: 'clip',
          loss,
          weight: 1,
          similarity: Math.fround(random()),
          negativeSimilarity: Math.fround(random()),
        },
      ],
      gradientNorms: Float32Array.from({ length: positions }, () => Math.exp(random() * 12 - 10)),
      tokens: vectors ? { kind: 'vectors', data: vectors } : { kind: 'indices', data: indices },
      changed,
      ...(step % 10 === 0 && { score: Math.fround(random()) }),
      skipped,
      steering: step % 97 === 3 ? [{ learningRate: 0.1 + step }] : [],
    });
  }
  return all.slice(first);
}
