// The history of a run: its steps, its tokens over time, what happened at each position, who changed what.
import { listSteering, positionStatistics, type Run, readSteps, type SteeringRequest } from '@tessera/db';
import { LIMITS, type StepRecord } from '@tessera/protocol';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { listCost, ROW_COST, SEARCH_COST } from '../cost.ts';
import { BadInputError } from '../errors.ts';
import { checkWhole } from '../input-checks.ts';
import { userOf } from '../people/user.ts';
import { RunRef, UserRef } from '../refs.ts';
import { runLoads } from './run-rows.ts';
import { StepRef } from './step-type.ts';
import { viewOf } from './step-view.ts';

interface TokenHistory {
  readonly run: Run;
  readonly steps: readonly StepRecord[];
}

const TokenHistoryRef = builder.objectRef<TokenHistory>('TokenHistory').implement({
  access: 'held',
  fields: (t) => ({
    steps: t.intList({ complexity: 1, resolve: ({ steps }) => steps.map(({ step }) => step) }),
    positions: t.int({ resolve: ({ run }) => run.positions }),
    indices: t.field({
      type: t.listRef(t.listRef('Int')),
      description: 'One row per step.',
      complexity: SEARCH_COST,
      resolve: ({ steps }) => steps.map((record) => [...(viewOf(record).tokens ?? [])]),
    }),
    changed: t.field({
      type: t.listRef(t.listRef('Int')),
      complexity: SEARCH_COST,
      resolve: ({ steps }) => steps.map(({ changed }) => [...changed]),
    }),
  }),
});

interface PositionFacts {
  readonly position: number;
  readonly changes: number;
  readonly firstChanged: number | null;
  readonly lastChanged: number | null;
  readonly entropy: number;
}

const PositionStatisticsRef = builder.objectRef<PositionFacts>('PositionStatistics').implement({
  access: 'held',
  fields: (t) => ({
    position: t.exposeInt('position'),
    changes: t.exposeInt('changes'),
    firstChanged: t.exposeInt('firstChanged', { nullable: true }),
    lastChanged: t.exposeInt('lastChanged', { nullable: true }),
    entropy: t.exposeFloat('entropy', { description: 'Bits, over the steps of the run.' }),
  }),
});

export const SteeringEventRef = builder.objectRef<SteeringRequest>('SteeringEvent').implement({
  access: 'held',
  fields: (t) => ({
    seq: t.exposeInt('seq'),
    user: t.field({
      type: UserRef,
      nullable: true,
      complexity: ROW_COST,
      resolve: ({ userId }, _args, ctx) => userOf(ctx, userId),
    }),
    change: t.field({ type: 'JSON', resolve: ({ change }) => change }),
    appliedStep: t.exposeInt('appliedStep', { nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
});

interface RangeArgs {
  readonly from?: number | null | undefined;
  readonly to?: number | null | undefined;
  readonly stride?: number | null | undefined;
}

/** As the answer has them: too many are refused, not cut. @throws BadInputError */
async function range(ctx: Context, run: Run, args: RangeArgs, max: number): Promise<StepRecord[]> {
  const from = checkWhole('from', args.from ?? 0, 0, 2 ** 31 - 1);
  const to = Math.min(checkWhole('to', args.to ?? 2 ** 31 - 1, 0, 2 ** 31 - 1), run.nextStep - 1);
  const stride = checkWhole('stride', args.stride ?? 1, 1, 2 ** 31 - 1);
  const count = Math.floor((to - Math.max(from, run.firstStep)) / stride) + 1;
  if (count > max) {
    throw new BadInputError(
      'stride',
      `of ${stride} gives ${count} steps, over the ${max} of one answer; make it larger, or ask for a part.`,
    );
  }
  return count > 0 ? readSteps(ctx.database, run.workspaceId, run.id, { from, to, stride }) : [];
}

/** What a list of steps costs at most, as far as its arguments tell. */
const stepsCost =
  (max: number) =>
  ({ from, to, stride }: RangeArgs) =>
    listCost(Math.max(1, Math.min(max, Math.ceil(((to ?? max) - (from ?? 0) + 1) / Math.max(1, stride ?? 1)))));

builder.objectFields(RunRef, (t) => ({
  step: t.field({
    type: StepRef,
    nullable: true,
    complexity: ROW_COST,
    args: { step: t.arg.int({ required: true }) },
    resolve: async (run, { step }, { database }) => {
      const [record] =
        step >= run.firstStep && step < run.nextStep
          ? await readSteps(database, run.workspaceId, run.id, { from: step, to: step })
          : [];
      return record ? { run, record } : null;
    },
  }),
  lastStep: t.field({
    type: StepRef,
    nullable: true,
    description: 'The newest stored step.',
    complexity: ROW_COST,
    resolve: async (run, _args, ctx) => {
      const record = run.nextStep > 0 ? await runLoads(ctx).lastSteps.load(run.id) : undefined;
      return record ? { run, record } : null;
    },
  }),
  steps: t.field({
    type: [StepRef],
    complexity: stepsCost(LIMITS.replaySteps.value),
    args: { from: t.arg.int(), to: t.arg.int(), stride: t.arg.int() },
    resolve: async (run, args, ctx) =>
      (await range(ctx, run, args, ctx.limits.replaySteps)).map((record) => ({ run, record })),
  }),
  tokenHistory: t.field({
    type: TokenHistoryRef,
    description: 'Shown tokens of many steps as lists: one row per step.',
    complexity: SEARCH_COST,
    args: { from: t.arg.int(), to: t.arg.int(), stride: t.arg.int() },
    resolve: async (run, args, ctx) => ({ run, steps: await range(ctx, run, args, ctx.limits.historySteps) }),
  }),
  positionStatistics: t.field({
    type: [PositionStatisticsRef],
    complexity: SEARCH_COST,
    resolve: async (run, _args, { database }) => {
      const { changes, firstChanged, lastChanged, entropy } = await positionStatistics(
        database,
        run.workspaceId,
        run.id,
      );
      const never = (step: number | undefined) => (step === undefined || step < 0 ? null : step);
      return changes.map((count, position) => ({
        position,
        changes: count,
        firstChanged: never(firstChanged[position]),
        lastChanged: never(lastChanged[position]),
        entropy: entropy[position]!,
      }));
    },
  }),
  steering: t.field({
    type: [SteeringEventRef],
    complexity: listCost(25),
    resolve: async (run, _args, { database }) => listSteering(database, run.workspaceId, run.id),
  }),
}));
