// The difference between two steps, of one run or of two.
import { diffSteps, type StepDiff } from '@tessera/db';
import { builder } from '../builder.ts';
import { listCost, SEARCH_COST } from '../cost.ts';
import { BadInputError } from '../errors.ts';
import { checkWhole, idOf } from '../input-checks.ts';
import { StepInputRef } from './inputs.ts';
import { visibleRun } from './run-rows.ts';
import { finite } from './step-view.ts';

const TokenDifferenceRef = builder.objectRef<StepDiff['positions'][number]>('TokenDifference').implement({
  access: 'held',
  fields: (t) => ({
    position: t.exposeInt('position'),
    before: t.int({ nullable: true, description: 'Null for vectors.', resolve: ({ before }) => before ?? null }),
    after: t.int({ nullable: true, description: 'Null for vectors.', resolve: ({ after }) => after ?? null }),
  }),
});

const StepDiffRef = builder.objectRef<StepDiff>('StepDiff').implement({
  access: 'held',
  fields: (t) => ({
    positions: t.field({
      type: [TokenDifferenceRef],
      description: 'Positions whose tokens differ.',
      complexity: listCost(10),
      resolve: ({ positions }) => [...positions],
    }),
    lossBefore: t.float({ nullable: true, resolve: ({ loss }) => finite(loss.before) }),
    lossAfter: t.float({ nullable: true, resolve: ({ loss }) => finite(loss.after) }),
    scoreBefore: t.float({ nullable: true, resolve: ({ score }) => finite(score.before) }),
    scoreAfter: t.float({ nullable: true, resolve: ({ score }) => finite(score.after) }),
    distance: t.exposeFloat('distance', {
      description: 'Root mean square of the difference of vectors; 0 for indices.',
    }),
  }),
});

builder.queryField('stepDiff', (t) =>
  t.field({
    type: StepDiffRef,
    access: { checked: 'view of both runs' },
    complexity: SEARCH_COST,
    args: {
      before: t.arg({ type: StepInputRef, required: true }),
      after: t.arg({ type: StepInputRef, required: true }),
    },
    resolve: async (_root, { before, after }, ctx) => {
      const one = await visibleRun(ctx, idOf('Run', before.runId, 'before.runId'), 'before.runId');
      const other = await visibleRun(ctx, idOf('Run', after.runId, 'after.runId'), 'after.runId');
      if (one.workspaceId !== other.workspaceId) {
        throw new BadInputError('after.runId', 'is of another workspace; compare runs of one.');
      }
      return diffSteps(
        ctx.database,
        one.workspaceId,
        { runId: one.id, step: checkWhole('before.step', before.step, 0, 2 ** 31 - 1) },
        { runId: other.id, step: checkWhole('after.step', after.step, 0, 2 ** 31 - 1) },
      );
    },
  }),
);
