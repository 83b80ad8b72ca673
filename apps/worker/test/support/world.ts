// What the tests begin with: a workspace with a user, plans on the embedded models, and runs on the queue.
import {
  createRun,
  createUser,
  createWorkspace,
  type Database,
  type NewRun,
  newId,
  type Run,
  readSteps,
} from '@tessera/db';
import { parsePlan, type RunPlan, type RunPlanInput } from '@tessera/engine';
import type { RunOrigin, StepRecord } from '@tessera/protocol';

const CROPS = { count: 1, fraction: 0.875, flip: 0.5 };

/** Everything switched on, one crop: 12 steps take a second. */
export function smallPlan(change: Partial<RunPlanInput> = {}): RunPlan {
  return parsePlan({
    tokenizer: 'pocket-32',
    objectives: [{ kind: 'clip', model: 'pocket-clip', prompt: 'a cat on a beach at night', crops: CROPS }],
    iterations: 12,
    learningRate: 0.1,
    start: { kind: 'noise', sigma: 1 },
    noise: 0.1,
    ema: 0.9,
    regularisation: { weight: 0.02, towards: 'zero' },
    seed: 7,
    ...change,
  });
}

export interface World {
  readonly database: Database;
  readonly workspaceId: string;
  readonly userId: string;
  queue(plan?: RunPlan, origin?: RunOrigin, over?: Partial<NewRun>): Promise<Run>;
  steps(runId: string): Promise<StepRecord[]>;
}

export async function makeWorld(database: Database): Promise<World> {
  const userId = newId();
  await createUser(database, { id: userId, name: 'Ada', email: `${userId}@example.org` });
  const { id: workspaceId } = await createWorkspace(database, { name: 'Lab', slug: `lab-${newId()}`, ownerId: userId });
  return {
    ...{ database, workspaceId, userId },
    queue: (plan = smallPlan(), origin = { kind: 'plan' }, over = {}) =>
      createRun(database, {
        workspaceId,
        userId,
        config: { format: 'tessera-run-1', plan, origin },
        prompts: [],
        tokenizer: plan.tokenizer,
        tokens: { kind: 'indices', positions: 32 },
        iterations: plan.iterations,
        ...over,
      }),
    steps: (runId) => readSteps(database, workspaceId, runId),
  };
}
