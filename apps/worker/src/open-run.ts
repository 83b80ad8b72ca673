// From a row of the database to a run of the engine: at its start, or where another worker left it.
import { type Database, loadCheckpoint, type Run as StoredRun, saveCheckpoint } from '@tessera/db';
import {
  decodeCheckpoint,
  type Engine,
  encodeCheckpoint,
  type Mailbox,
  type OptimiseOptions,
  parsePlan,
  Run,
  type RunPlan,
} from '@tessera/engine';
import type { RunConfig, RunOrigin } from '@tessera/protocol';
import * as z from 'zod';
import { RunInputError } from './failure.ts';
import { needsTarget, type PicturesNeeded, readPictures } from './inputs.ts';
import { type Beginning, beginningOf } from './origin.ts';

const step = z.number().int().min(0);

const originSchema: z.ZodType<RunOrigin> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('plan') }),
  z.strictObject({ kind: z.literal('indices'), indices: z.array(z.number().int().min(0)).min(1) }),
  z.strictObject({ kind: z.literal('vectors'), vectors: z.array(z.number()).min(1) }),
  z.strictObject({ kind: z.literal('step'), runId: z.string().min(1), step }),
]);

const configSchema: z.ZodType<RunConfig> = z.strictObject({
  format: z.literal('tessera-run-1'),
  plan: z.looseObject({}),
  origin: originSchema,
});

export interface OpenRunOptions {
  readonly database: Database;
  readonly engine: Engine;
  readonly run: StoredRun;
  readonly fence: number;
  readonly mailbox: Mailbox;
}

/** @throws RunInputError, FencedError, errors of the engine, its models and its runtime, errors of the database */
export async function openRun({ database, engine, run, fence, mailbox }: OpenRunOptions): Promise<Run> {
  const { plan, origin } = configOf(run.config);
  const own = await loadCheckpoint(database, run.id);
  if (own) {
    const from = decodeCheckpoint(own.data);
    const { target } = await pictures(database, engine, run, from.plan, { image: false, target: true });
    return Run.open(engine, from.plan, { from, mailbox, ...(target && { target }) });
  }
  const { sha256 } = await engine.library.tokenizer(plan.tokenizer);
  const given = origin.kind !== 'plan';
  // What was given takes the place of whatever the plan would begin with.
  const started: RunPlan = given ? { ...plan, start: { kind: 'seed' } } : plan;
  const beginning = await beginningOf(database, origin, {
    workspaceId: run.workspaceId,
    plan: started,
    tokenizer: sha256,
  });
  const image = !given && plan.start.kind === 'seed';
  const read = await pictures(database, engine, run, started, { image, target: true });
  const opened = await Run.open(engine, started, { ...read, ...startOf(beginning), mailbox });
  // The other run goes on and its state changes: this one must begin from the same again after a crash.
  if (origin.kind === 'step') {
    await saveCheckpoint(database, run.id, fence, { step: 0, data: encodeCheckpoint(opened.checkpoint()) });
  }
  return opened;
}

function configOf(config: object): { readonly plan: RunPlan; readonly origin: RunOrigin } {
  const parsed = configSchema.safeParse(config);
  if (parsed.success) return { plan: parsePlan(parsed.data.plan), origin: parsed.data.origin };
  const issue = parsed.error.issues[0]!;
  throw new RunInputError(
    'CONFIG_INVALID',
    `The run was stored in a form that this worker does not know (${issue.path.join('.')}: ${issue.message}); start it again.`,
  );
}

async function pictures(database: Database, engine: Engine, run: StoredRun, plan: RunPlan, wanted: PicturesNeeded) {
  const { tokenizer } = await engine.library.tokenizer(plan.tokenizer);
  return readPictures(database, run, tokenizer.imageSize, { ...wanted, target: wanted.target && needsTarget(plan) });
}

function startOf(beginning: Beginning): Pick<OptimiseOptions, 'tokens' | 'from'> {
  switch (beginning.kind) {
    case 'plan':
      return {};
    case 'tokens':
      return { tokens: beginning.tokens };
    case 'checkpoint':
      return { from: beginning.checkpoint };
    default:
      return beginning satisfies never;
  }
}
