// createSweep: a grid of parameters as one batch of runs, all of them or none.
import { createSweep } from '@tessera/db';
import { actorOf } from '../../access.ts';
import { announce } from '../../announce.ts';
import { checkLine } from '../../input-checks.ts';
import { mutation } from '../../mutation.ts';
import { SweepRef } from '../../refs.ts';
import { announceQueued } from '../announce-run.ts';
import { PlanInputRef, SweepAxisInputRef } from '../inputs.ts';
import { cellsOf, checkAxes } from '../plans/sweep-grid.ts';
import { prepareRun } from './new-run.ts';
import { repeatedSweep } from './repeated.ts';
import { runSource, sourceTarget } from './run-source.ts';

mutation('createSweep', {
  right: 'run',
  cost: 100,
  inputDescription:
    'Every combination of the values of the axes, laid into the plan or into what the session says now.',
  input: (t) => ({
    workspaceId: t.id({ required: true }),
    sessionId: t.id(),
    plan: t.field({ type: PlanInputRef }),
    seedId: t.id(),
    maskId: t.id(),
    name: t.string({ required: true }),
    axes: t.field({ type: [SweepAxisInputRef], required: true }),
    idempotencyKey: t.string(),
  }),
  payload: { sweep: SweepRef },
  target: (input, ctx) => sourceTarget(input, ctx),
  async change(input, ctx, scope) {
    const { workspaceId, sessionId } = scope;
    const earlier = await repeatedSweep(ctx, scope, input.idempotencyKey, input);
    if (earlier) return { sweep: earlier };
    const name = checkLine('name', input.name, ctx.limits.nameCharacters);
    const { plan, at, pictures } = await runSource(ctx, scope, input, false);
    const axes = checkAxes(input.axes, plan, ctx.limits.sweepRuns);
    const cells = cellsOf(plan, axes, ctx.limits);
    const shown = await pictures(cells.map((cell) => cell.plan));
    const runs = await Promise.all(
      cells.map(async ({ cell, plan: own }) => ({
        cell,
        run: await prepareRun(ctx, workspaceId, { plan: own, at, origin: { kind: 'plan' }, ...shown }),
      })),
    );
    const made = await createSweep(
      ctx.database,
      {
        workspaceId,
        userId: actorOf(ctx),
        ...(sessionId != null && { sessionId }),
        name,
        axes,
        runs,
        ...(input.idempotencyKey != null && { idempotencyKey: input.idempotencyKey, request: input }),
      },
      ctx.limits,
    );
    await announceQueued(ctx, made.runs);
    await announce(ctx, workspaceId, { kind: 'SWEEP', id: made.sweep.id });
    return { sweep: made.sweep };
  },
});
