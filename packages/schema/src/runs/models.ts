// What models a run may use, as some worker says; remembered for a while, and kept where no worker answers.
import type { RunPlan } from '@tessera/engine/plan';
import type { TokenData } from '@tessera/protocol';
import type { Compute, ModelSummary } from '@tessera/wire';
import { BadInputError, SchemaError } from '../errors.ts';
import { encodersOf } from './plans/facts.ts';

/** A model that was just installed can be used within this time. */
const FRESH_MS = 10_000;

interface Known {
  readonly models: readonly ModelSummary[];
  /** When it came, ms; minus infinity for one that is true no more. */
  readonly at: number;
}

const known = new WeakMap<Compute, Known>();
const asking = new WeakMap<Compute, Promise<readonly ModelSummary[]>>();
/** How often models came or went. */
const changes = new WeakMap<Compute, number>();

/**
 * Without any worker the list as it was last: a run then waits in the queue for one.
 * @throws ComputeError where no worker has ever answered
 */
export async function modelsOf(compute: Compute): Promise<readonly ModelSummary[]> {
  const last = known.get(compute);
  if (last && Date.now() - last.at < FRESH_MS) return last.models;
  const question = asking.get(compute) ?? ask(compute);
  asking.set(compute, question);
  try {
    return await question;
  } catch (error) {
    if (last) return last.models;
    throw error;
  } finally {
    if (asking.get(compute) === question) asking.delete(compute);
  }
}

/** A model came or was repaired: the list is asked for anew, also where a question is under way. */
export function modelsChanged(compute: Compute): void {
  changes.set(compute, (changes.get(compute) ?? 0) + 1);
  asking.delete(compute);
  const last = known.get(compute);
  if (last) known.set(compute, { ...last, at: Number.NEGATIVE_INFINITY });
}

async function ask(compute: Compute): Promise<readonly ModelSummary[]> {
  const asked = changes.get(compute);
  const models = await compute.models();
  const at = asked === changes.get(compute) ? Date.now() : Number.NEGATIVE_INFINITY;
  known.set(compute, { models, at });
  return models;
}

export interface TokenShape {
  readonly kind: TokenData['kind'];
  readonly positions: number;
  /** Values per position of vectors; 0 for indices. */
  readonly channels: number;
  /** 0 for vectors. */
  readonly codebookSize: number;
}

/** @throws BadInputError for a name that is no tokenizer, SchemaError (UNSUPPORTED) for one that is not installed */
export function tokenShape(models: readonly ModelSummary[], tokenizer: string, field: string): TokenShape {
  const model = usable(models, 'tokenizer', tokenizer, field);
  const { positions = 0, codebookSize = 0, channels = 0 } = model;
  return codebookSize > 0
    ? { kind: 'indices', positions, channels: 0, codebookSize }
    : { kind: 'vectors', positions, channels, codebookSize: 0 };
}

/** Every model of a plan can be used. `at`: where the plan is in the input. @throws as `tokenShape` */
export function checkModels(models: readonly ModelSummary[], plan: RunPlan, at: string): TokenShape {
  const under = (path: string) => (at ? `${at}.${path}` : path);
  for (const { model, path } of encodersOf(plan)) usable(models, 'encoder', model, under(path));
  return tokenShape(models, plan.tokenizer, under('tokenizer'));
}

function usable(models: readonly ModelSummary[], kind: ModelSummary['kind'], id: string, field: string): ModelSummary {
  const model = models.find((candidate) => candidate.kind === kind && candidate.id === id);
  if (!model) {
    const names = models.filter((candidate) => candidate.kind === kind && candidate.installed).map((m) => m.id);
    throw new BadInputError(
      field,
      `is "${id.slice(0, 100)}", no ${kind} that is known here; take one of ${names.join(', ')}.`,
    );
  }
  if (!model.installed) {
    throw new SchemaError('UNSUPPORTED', `${field}: ${id} is not installed; pull it, or take another ${kind}.`, field);
  }
  return model;
}
