// Runs that mutations change, and who may change them.
import type { Run } from '@tessera/db';
import { actorOf, requireRight, type Scope } from '../../access.ts';
import type { Context } from '../../context.ts';
import { BadInputError } from '../../errors.ts';
import { idOf } from '../../input-checks.ts';
import { visibleRun } from '../run-rows.ts';
import { runScope } from '../run-type.ts';

export type RunTarget = Scope & { readonly run: Run };

/** Asked for the right to run. @throws BadInputError, NotFoundError */
export async function runTarget({ runId }: { readonly runId: string }, ctx: Context): Promise<RunTarget> {
  const run = await visibleRun(ctx, idOf('Run', runId, 'runId'), 'runId');
  return { ...runScope(run), run };
}

/** The right to run covers one's own runs; those of others need the right to edit. @throws ForbiddenError */
export async function requireOver(ctx: Context, run: Run): Promise<void> {
  if (run.userId !== actorOf(ctx)) await requireRight(ctx, 'edit', runScope(run), 'run');
}

/** A step that is stored. @throws BadInputError */
export function checkStep({ firstStep, nextStep }: Run, step: number, field: string): number {
  if (Number.isInteger(step) && step >= firstStep && step < nextStep) return step;
  const kept = nextStep > firstStep ? `steps ${firstStep} to ${nextStep - 1} are there` : 'the run has no step yet';
  throw new BadInputError(field, `is ${step}, which does not exist; ${kept}.`);
}
