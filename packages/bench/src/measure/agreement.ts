// Whether both implementations compute the same: loss and gradient of one step, on the same latents, crops and direction.
import { buildStep } from '@tessera/engine';
import { openRuntime } from '@tessera/runtime';
import type { MeasuredModels } from '../models/load.ts';
import { startLatents, stepFeeds, stepShape, views } from './step-graph.ts';
import type { TorchStep } from './torch.ts';

export interface Agreement {
  /** |difference| / |PyTorch's|. */
  readonly loss: number;
  /** Norm of the difference / norm of PyTorch's. */
  readonly gradient: number;
}

/** In a runtime of its own, gone before anything is timed or weighed. */
export async function agreement(models: MeasuredModels, torch: TorchStep): Promise<Agreement> {
  const [latents, seen] = [startLatents(models), views(models, 1)];
  const expected = await torch.gradient(latents, seen);
  const runtime = await openRuntime({ provider: 'cpu' });
  try {
    const session = await runtime.load(buildStep(stepShape(models)), { prepack: false });
    const outputs = await session.run(stepFeeds(models, latents, seen));
    const [loss, gradient] = [outputs['o0.loss']!.data, outputs.gradient!.data].map((x) =>
      Float32Array.from(x, Number),
    );
    const distance = Math.hypot(...expected.gradient.map((x, i) => x - gradient![i]!));
    return {
      loss: Math.abs(loss![0]! / expected.loss - 1),
      gradient: distance / Math.hypot(...expected.gradient),
    };
  } finally {
    await runtime[Symbol.asyncDispose]();
  }
}
