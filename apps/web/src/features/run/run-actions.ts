// What people do with a run, with trouble shown as toasts. Each answers whether it worked.
import { mutate } from '../../gql/mutate.ts';
import { showTrouble } from '../../gql/problem.ts';
import {
  CancelRunMutation,
  DeleteRunMutation,
  ForkRunMutation,
  SeedFromStepMutation,
  UpdateRunMutation,
} from './documents.ts';

async function attempt<Result>(what: string, work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (cause) {
    showTrouble(what, cause);
    return null;
  }
}

export const pinRun = async (runId: string, pinned: boolean): Promise<boolean> =>
  (await attempt('The pin was not changed.', () => mutate(UpdateRunMutation, { input: { runId, pinned } }))) !== null;

export const renameRun = async (runId: string, name: string): Promise<boolean> =>
  (await attempt('The run was not renamed.', () => mutate(UpdateRunMutation, { input: { runId, name } }))) !== null;

export const cancelRun = async (runId: string): Promise<boolean> =>
  (await attempt('The run was not cancelled.', () => mutate(CancelRunMutation, { input: { runId } }))) !== null;

export const deleteRun = async (runId: string): Promise<boolean> =>
  (await attempt('The run was not deleted.', () => mutate(DeleteRunMutation, { input: { runId } }))) !== null;

/** The new run's id. */
export async function forkRun(runId: string, step: number): Promise<string | null> {
  const idempotencyKey = crypto.randomUUID();
  const payload = await attempt('The fork did not start.', () =>
    mutate(ForkRunMutation, { input: { runId, step, idempotencyKey } }),
  );
  return payload?.run?.id ?? null;
}

/** The new seed's name. */
export async function keepAsSeed(
  workspaceId: string,
  runId: string,
  step: number,
  name: string,
): Promise<string | null> {
  const input = { workspaceId, name: name.slice(0, 200), fromStep: { runId, step } };
  const payload = await attempt('The step was not kept as a seed.', () => mutate(SeedFromStepMutation, { input }));
  return payload?.seed?.name ?? null;
}
