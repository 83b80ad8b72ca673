// The PyTorch script computes the same step: loss and gradient on the embedded model.
import { expect, it } from 'vitest';
import { agreement } from '../src/measure/agreement.ts';
import { findTorch, TorchStep } from '../src/measure/torch.ts';
import { pocketModels } from '../src/models/load.ts';

const found = findTorch();

it.skipIf('missing' in found)('agrees with PyTorch within float32', async () => {
  if ('missing' in found) return;
  const models = await pocketModels();
  const plan = { learningRate: 0.1, noise: 0.1, regularisation: 0.02, ema: 0.98 };
  await using torch = await TorchStep.open(found.python, models, { frozen: false, threads: 2, plan });
  const { loss, gradient } = await agreement(models, torch);
  expect(loss).toBeLessThan(1e-4);
  expect(gradient).toBeLessThan(1e-3);
});
