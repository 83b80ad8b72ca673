// The difference between two steps, of one run or of two.
import type { Database } from '../database.ts';
import { InputError } from '../errors.ts';
import { getRun } from '../runs/run.ts';
import { changedPositions } from '../steps/pack.ts';
import { readStep } from './steps.ts';

export interface StepAddress {
  readonly runId: string;
  readonly step: number;
}

export interface StepDiff {
  /** Positions whose tokens differ, with both tokens; for vectors those whose values differ, without tokens. */
  readonly positions: readonly { readonly position: number; readonly before?: number; readonly after?: number }[];
  readonly loss: { readonly before: number; readonly after: number };
  readonly score: { readonly before?: number; readonly after?: number };
  /** Root mean square of the difference of vectors; 0 for indices. */
  readonly distance: number;
}

/** @throws NotFoundError, InputError when the runs' tokenizers differ */
export async function diffSteps(
  database: Database,
  workspaceId: string,
  before: StepAddress,
  after: StepAddress,
): Promise<StepDiff> {
  const runs = [await getRun(database, workspaceId, before.runId), await getRun(database, workspaceId, after.runId)];
  const [one, other] = runs as [(typeof runs)[0], (typeof runs)[0]];
  if (one!.tokenizer !== other!.tokenizer || one!.positions !== other!.positions) {
    throw new InputError('runs', `use the tokenizers ${one!.tokenizer} and ${other!.tokenizer}; compare runs of one`);
  }
  const a = await readStep(database, workspaceId, before.runId, before.step);
  const b = await readStep(database, workspaceId, after.runId, after.step);
  const common = {
    loss: { before: a.loss, after: b.loss },
    score: {
      ...(a.score !== undefined && { before: a.score }),
      ...(b.score !== undefined && { after: b.score }),
    },
  };
  if (a.tokens.kind === 'indices' && b.tokens.kind === 'indices') {
    const [from, to] = [a.tokens.data, b.tokens.data];
    const positions = changedPositions(a.tokens, b.tokens).map((position) => ({
      position,
      before: from[position]!,
      after: to[position]!,
    }));
    return { ...common, positions, distance: 0 };
  }
  return { ...common, ...vectorDiff(a.tokens.data, b.tokens.data, one!.channels) };
}

function vectorDiff(a: ArrayLike<number>, b: ArrayLike<number>, channels: number) {
  const positions = new Set<number>();
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! - b[i]!;
    sum += difference * difference;
    if (difference !== 0) positions.add(Math.floor(i / Math.max(channels, 1)));
  }
  return {
    positions: [...positions].map((position) => ({ position })),
    distance: Math.sqrt(sum / Math.max(a.length, 1)),
  };
}
