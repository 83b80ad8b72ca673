// Frechet distance and Inception Score against independent NumPy code.
import { frechetDistance, inceptionScore } from '@tessera/lab';
import { expect, it } from 'vitest';
import { GoldenFile } from '../../src/index.ts';

it('gives the recorded distance and score', async () => {
  const file = await GoldenFile.open('metrics', 'golden.safetensors');
  const [a, b, p] = [file.tensor('features_a'), file.tensor('features_b'), file.tensor('probabilities')];
  const recorded = (name: string) => Number(file.metadata.get(name));
  const distance = frechetDistance(a.data, b.data, a.shape[1]!);
  expect(Math.abs(distance / recorded('frechet_distance') - 1)).toBeLessThan(1e-4);
  const score = inceptionScore(p.data, p.shape[1]!, 10);
  expect(Math.abs(score.mean / recorded('inception_score_mean_10_splits') - 1)).toBeLessThan(1e-4);
  expect(Math.abs(score.deviation / recorded('inception_score_std_10_splits') - 1)).toBeLessThan(1e-4);
});
