// Going on from a checkpoint under a plan: the same one, a live change of it, or a fork.
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { RunPlan, Steering } from '../plan.ts';
import { steer } from '../steering.ts';
import { type Checkpoint, encodeCheckpoint } from './checkpoint.ts';
import { planAt } from './run-state.ts';

/**
 * The checkpoint as it stands under `plan`, so that its manifest tells the truth. The plan of the checkpoint continues it
 * bit for bit. A plan that differs from the one in force in what may be steered is recorded as a live change at this step. Any other is
 * a fork: the manifest then names the checkpoint, without which it cannot be computed again.
 */
export function continueUnder(from: Checkpoint, plan: RunPlan): Checkpoint {
  if (isDeepStrictEqual(plan, from.plan)) return from;
  const now = planAt(from);
  const change = differences(now, plan);
  const bare = (p: RunPlan) => ({ ...p, steering: [] });
  if (isDeepStrictEqual(bare(steer(now, change)), bare(plan))) {
    const earlier = from.plan.steering.filter(({ step }) => step <= from.step);
    const entry = Object.keys(change).length > 0 ? [{ step: from.step, change }] : [];
    const later = from.plan.steering.filter(({ step }) => step > from.step);
    return { ...from, plan: { ...from.plan, steering: [...earlier, ...entry, ...later] } };
  }
  const checkpoint = createHash('sha256').update(encodeCheckpoint(from)).digest('hex');
  const later = plan.steering.filter(({ step }) => step > from.step);
  return { ...from, plan: { ...plan, steering: later }, origin: { step: from.step, checkpoint }, losses: [] };
}

/** What of the difference between two plans a live change can carry. */
function differences(from: RunPlan, to: RunPlan): Steering {
  const simple = (['learningRate', 'noise', 'ema', 'regularisation', 'iterations', 'lockedPositions'] as const).filter(
    (key) => !isDeepStrictEqual(from[key], to[key]),
  );
  const objectives = to.objectives.flatMap((objective, index) => {
    const before: Readonly<Record<string, unknown>> | undefined = from.objectives[index];
    const fields = Object.entries(objective).filter(
      ([key, value]) =>
        ['weight', 'prompt', 'negativePrompt', 'cfg'].includes(key) && !isDeepStrictEqual(before?.[key], value),
    );
    return fields.length > 0 ? [{ index, ...Object.fromEntries(fields) }] : [];
  });
  const plain: Steering = Object.fromEntries(simple.map((key) => [key, to[key]]));
  return objectives.length > 0 ? { ...plain, objectives } : plain;
}
