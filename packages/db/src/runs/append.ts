// Stores what a worker computed: batches of steps, with the checkpoint after them, in one transaction.
import { LIMITS, type StepRecord } from '@tessera/protocol';
import type { Prisma } from '../../generated/client.ts';
import { type Database, type Statements, transaction } from '../database.ts';
import { InputError, StepGapError } from '../errors.ts';
import { packSteps } from '../steps/pack.ts';
import { type HeldRun, holdRun } from './fence.ts';

export interface NewCheckpoint {
  /** The next step to compute: one more than the last step stored with it. */
  readonly step: number;
  /** The engine's safetensors bytes. */
  readonly data: Uint8Array;
}

export interface StepsToAppend {
  readonly runId: string;
  readonly fence: number;
  /** Consecutive. Steps that are already stored (recomputed after a resume) are dropped. */
  readonly steps: readonly StepRecord[];
  readonly checkpoint?: NewCheckpoint;
  /** Requests of `requestSteer` that took effect, and at which step. */
  readonly steered?: readonly { readonly seq: number; readonly step: number }[];
  /** The manifest, once the engine has made it. */
  readonly manifest?: object;
}

export interface Appended {
  readonly stored: number;
  /** Dropped, because they were there. Save a checkpoint with every batch where recomputing may differ (GPUs). */
  readonly repeated: number;
  readonly nextStep: number;
}

/**
 * Rows are unique on (run, step): a batch that begins later than the next step is refused, one that overlaps is cut.
 * @throws FencedError, StepGapError, InputError
 */
export async function appendSteps(database: Database, input: StepsToAppend): Promise<Appended> {
  return transaction(database, async (sql) => {
    const { runId, fence } = input;
    const held = await holdRun(sql, runId, fence);
    const fresh = input.steps.filter(({ step }) => step >= held.nextStep);
    const nextStep = held.nextStep + fresh.length;
    if (fresh.length > 0) await insertBatch(sql, input, held, fresh);
    if (input.checkpoint) await putCheckpoint(sql, input, held, input.checkpoint, nextStep);
    for (const { seq, step } of input.steered ?? []) {
      await sql.steeringEvent.updateMany({ where: { runId, seq, appliedStep: null }, data: { appliedStep: step } });
    }
    await sql.run.update({
      where: { id: runId },
      data: changesOf(fresh, nextStep, input.manifest),
      select: { id: true },
    });
    return { stored: fresh.length, repeated: input.steps.length - fresh.length, nextStep };
  });
}

/** @throws FencedError, InputError */
export async function saveCheckpoint(
  database: Database,
  runId: string,
  fence: number,
  checkpoint: NewCheckpoint,
): Promise<void> {
  await appendSteps(database, { runId, fence, steps: [], checkpoint });
}

async function insertBatch(
  sql: Statements,
  { runId, fence }: StepsToAppend,
  held: HeldRun,
  steps: readonly StepRecord[],
): Promise<void> {
  const first = steps[0]!;
  if (first.step > held.nextStep) throw new StepGapError(runId, held.nextStep, first.step);
  const size = held.tokenKind === 'indices' ? held.positions : held.positions * held.channels;
  if (first.tokens.kind !== held.tokenKind || first.tokens.data.length !== size) {
    throw new InputError(
      'steps',
      `hold ${first.tokens.data.length} ${first.tokens.kind}; run ${runId} has ${size} ${held.tokenKind}`,
    );
  }
  await sql.stepBatch.create({
    data: {
      runId,
      firstStep: first.step,
      count: steps.length,
      workspaceId: held.workspaceId,
      fence,
      data: packSteps(steps),
    },
    select: { count: true },
  });
}

async function putCheckpoint(
  sql: Statements,
  { runId, fence }: StepsToAppend,
  { workspaceId }: HeldRun,
  { step, data }: NewCheckpoint,
  nextStep: number,
): Promise<void> {
  if (data.length > LIMITS.checkpointBytes.value) {
    throw new InputError('checkpoint', `has ${data.length} bytes; at most ${LIMITS.checkpointBytes.value} are kept`);
  }
  if (!Number.isInteger(step) || step < 0 || step > nextStep) {
    throw new InputError('checkpoint', `is before step ${step}, but only steps up to ${nextStep - 1} are stored`);
  }
  const row = { workspaceId, step, fence, data: Uint8Array.from(data), createdAt: new Date() };
  await sql.checkpoint.upsert({
    where: { runId },
    create: { runId, ...row },
    update: row,
    select: { step: true },
  });
}

function changesOf(
  steps: readonly StepRecord[],
  nextStep: number,
  manifest: object | undefined,
): Prisma.RunUpdateInput {
  const loss = steps.findLast((step) => Number.isFinite(step.loss))?.loss;
  const score = steps.findLast((step) => Number.isFinite(step.score))?.score;
  const skipped = steps.filter((step) => step.skipped).length;
  const iterations = iterationsOf(steps);
  return {
    status: 'running',
    nextStep,
    ...(steps.length > 0 && { attempts: 0 }),
    ...(skipped > 0 && { skippedSteps: { increment: skipped } }),
    ...(loss !== undefined && { loss }),
    ...(iterations !== undefined && { iterations }),
    ...(score !== undefined && { score }),
    ...(manifest && { manifest: manifest as Prisma.InputJsonObject }),
  };
}

/** What a live change that took effect made of the number of steps. */
function iterationsOf(steps: readonly StepRecord[]): number | undefined {
  const changes = steps.flatMap(({ steering }) => steering);
  return changes.map((change) => 'iterations' in change && change.iterations).findLast((n) => typeof n === 'number');
}
