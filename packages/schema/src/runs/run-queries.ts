// Runs and sweeps by id, and plans that nobody starts yet.
import { builder } from '../builder.ts';
import { ROW_COST } from '../cost.ts';
import { BadInputError, NotFoundError } from '../errors.ts';
import { idOf } from '../input-checks.ts';
import { RunRef, SweepRef } from '../refs.ts';
import { checkedPlan, PlanCheckRef } from '../sessions/plan-check.ts';
import { PlanInputRef } from './inputs.ts';
import { checkModels, modelsOf } from './models.ts';
import { resolvePlan } from './plans/resolve-plan.ts';
import { visibleRun } from './run-rows.ts';
import { sweepOf } from './sweep-rows.ts';

async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

builder.queryFields((t) => ({
  run: t.field({
    type: RunRef,
    nullable: true,
    access: { checked: 'view' },
    complexity: ROW_COST,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, ctx) => visibleRun(ctx, idOf('Run', id, 'id'), 'id'),
  }),
  runs: t.field({
    type: [RunRef],
    nullable: { list: false, items: true },
    access: { checked: 'view of each' },
    description: 'In the order of the ids; null for one that is not there or not open to the viewer.',
    complexity: ({ ids }) => ({ field: 1, multiplier: Math.max(1, ids.length) }),
    args: { ids: t.arg.idList({ required: true }) },
    resolve: (_root, { ids }, ctx) => {
      const max = ctx.limits.pageSize;
      if (ids.length > max) throw new BadInputError('ids', `are ${ids.length}; at most ${max} are answered at once.`);
      return Promise.all(ids.map((id, i) => orNull(visibleRun(ctx, idOf('Run', id, `ids.${i}`), `ids.${i}`))));
    },
  }),
  sweep: t.field({
    type: SweepRef,
    nullable: true,
    access: { checked: 'view' },
    complexity: ROW_COST,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, ctx) => sweepOf(ctx, idOf('Sweep', id, 'id')),
  }),
  checkPlan: t.field({
    type: PlanCheckRef,
    access: 'open',
    description: 'What a new plan would be: reads nothing but the list of models.',
    complexity: ROW_COST,
    args: { plan: t.arg({ type: PlanInputRef, required: true }) },
    resolve: async (_root, { plan: input }, { compute, studio, limits }) => {
      const models = await modelsOf(compute).catch(() => undefined);
      return checkedPlan(() => {
        const plan = resolvePlan(input, { models: studio.defaults, start: 'noise' }, limits);
        // Without a worker the names cannot be checked; the rest can.
        if (models) checkModels(models, plan, 'plan');
        return plan;
      });
    },
  }),
}));
