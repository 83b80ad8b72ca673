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
import type { RunPlan, RunPlanInput } from '@tessera/engine';
import { smallPlan as sixSteps } from '@tessera/engine/testing';
import type { RunOrigin, StepRecord } from '@tessera/protocol';

/** Twelve steps take a second. */
export const smallPlan = (change: Partial<RunPlanInput> = {}): RunPlan => sixSteps({ iterations: 12, ...change });

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
