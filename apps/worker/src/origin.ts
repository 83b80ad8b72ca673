// Where the tokens of a run begin: tokens that were given, or the state of another run after one of its steps.
import { createHash } from 'node:crypto';
import { type Database, getCheckpoint, NotFoundError, readStep } from '@tessera/db';
import { type Checkpoint, decodeCheckpoint, type RunPlan, type Tokens } from '@tessera/engine';
import type { RunOrigin } from '@tessera/protocol';
import { RunInputError } from './failure.ts';

/** What the engine begins with. */
export type Beginning =
  /** The plan says it: a picture or noise. */
  | { readonly kind: 'plan' }
  | { readonly kind: 'tokens'; readonly tokens: Tokens }
  /** The optimiser goes on with its moments where another run had them; its steps count from 0 again. */
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint };

export interface ForkTarget {
  readonly workspaceId: string;
  readonly plan: RunPlan;
  /** SHA-256 of the tokenizer of the plan. */
  readonly tokenizer: string;
}

/** @throws RunInputError when the other run or its step is gone; errors of the database */
export async function beginningOf(database: Database, origin: RunOrigin, target: ForkTarget): Promise<Beginning> {
  switch (origin.kind) {
    case 'plan':
      return origin;
    case 'indices':
      return { kind: 'tokens', tokens: { kind: 'indices', data: Int32Array.from(origin.indices) } };
    case 'vectors':
      return { kind: 'tokens', tokens: { kind: 'vectors', data: Float32Array.from(origin.vectors) } };
    case 'step': {
      const checkpoint = await forkedState(database, origin, target);
      if (checkpoint) return { kind: 'checkpoint', checkpoint };
      return { kind: 'tokens', tokens: await tokensAfter(database, origin, target.workspaceId) };
    }
    default:
      return origin satisfies never;
  }
}

type StepOrigin = Extract<RunOrigin, { kind: 'step' }>;

/** The newest state of the other run where that is the one asked for, and fits the plan. */
async function forkedState(
  database: Database,
  { runId, step }: StepOrigin,
  { workspaceId, plan, tokenizer }: ForkTarget,
): Promise<Checkpoint | undefined> {
  const stored = await orNothing(getCheckpoint(database, workspaceId, runId));
  if (stored?.step !== step + 1) return undefined;
  const from = decodeCheckpoint(stored.data);
  if (from.tokenizer !== tokenizer || from.plan.quantisation !== plan.quantisation) return undefined;
  return {
    ...from,
    step: 0,
    plan,
    origin: { step: stored.step, checkpoint: createHash('sha256').update(stored.data).digest('hex') },
    lanes: 1,
    losses: [],
    meter: { best: null, falling: 0 },
    skipped: 0,
    skippedInARow: 0,
  };
}

async function tokensAfter(database: Database, { runId, step }: StepOrigin, workspaceId: string): Promise<Tokens> {
  const found = await orNothing(readStep(database, workspaceId, runId, step));
  if (found) return found.tokens;
  throw new RunInputError(
    'ORIGIN_MISSING',
    `Step ${step + 1} of the run that this one was forked from is not there any more; fork it at another step.`,
  );
}

async function orNothing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
