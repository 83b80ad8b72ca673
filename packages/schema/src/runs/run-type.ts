// A run: what was asked for, how it stands, and where it comes from.
import type { Run } from '@tessera/db';
import { listForks } from '@tessera/db';
import type { RunFailure } from '@tessera/protocol';
import type { Scope } from '../access.ts';
import { builder } from '../builder.ts';
import { listCost, ROW_COST } from '../cost.ts';
import { RunStatusEnum } from '../enums.ts';
import { NotFoundError } from '../errors.ts';
import { mayView } from '../found.ts';
import { userOf } from '../people/user.ts';
import { MaskRef, RunRef, SeedRef, SessionRef, SweepRef, UserRef, WorkspaceRef } from '../refs.ts';
import { TokenKindEnum } from './enums.ts';
import { deadKnobsOf, promptsOf } from './plans/facts.ts';
import { planOf } from './run-config.ts';
import { runLoads, visibleRun } from './run-rows.ts';
import { sweepOf } from './sweep-rows.ts';

export const runScope = ({ workspaceId, sessionId }: Pick<Run, 'workspaceId' | 'sessionId'>): Scope => ({
  workspaceId,
  sessionId,
});

const RunFailureRef = builder.objectRef<RunFailure>('RunFailure').implement({
  access: 'held',
  fields: (t) => ({ code: t.exposeString('code'), message: t.exposeString('message') }),
});

export { RunFailureRef };

builder.node(RunRef, {
  access: 'held',
  scope: runScope,
  id: { resolve: ({ id }) => id },
  loadOne: (id, ctx) => visibleRun(ctx, id),
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true }),
    workspace: t.field({
      type: WorkspaceRef,
      complexity: ROW_COST,
      resolve: async ({ workspaceId }, _args, ctx) => {
        const workspace = await ctx.loads.row('Workspace', workspaceId);
        if (!workspace) throw new NotFoundError('workspace');
        return workspace;
      },
    }),
    session: t.field({
      type: SessionRef,
      nullable: true,
      complexity: ROW_COST,
      resolve: ({ sessionId }, _args, { loads }) => loads.named('Session', sessionId),
    }),
    user: t.field({
      type: UserRef,
      nullable: true,
      complexity: ROW_COST,
      resolve: ({ userId }, _args, ctx) => userOf(ctx, userId),
    }),
    status: t.expose('status', { type: RunStatusEnum }),
    error: t.field({
      type: RunFailureRef,
      nullable: true,
      complexity: 1,
      resolve: ({ state }) => (state.status === 'failed' ? state.error : null),
    }),
    interruption: t.string({
      nullable: true,
      description: 'Why it waits again after it had begun.',
      resolve: ({ state }) => (state.status === 'queued' ? (state.interrupted ?? null) : null),
    }),
    prompts: t.stringList({
      description: 'Prompts of its objectives, in order.',
      complexity: 1,
      resolve: (run) => promptsOf(planOf(run)),
    }),
    tokenizer: t.exposeString('tokenizer'),
    tokenKind: t.expose('tokenKind', { type: TokenKindEnum }),
    positions: t.exposeInt('positions'),
    plan: t.field({ type: 'JSON', description: "The engine's resolved plan.", resolve: planOf }),
    manifest: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What makes it reproducible; there once it has begun.',
      resolve: ({ manifest }) => manifest,
    }),
    deadKnobs: t.stringList({ complexity: 1, resolve: (run) => deadKnobsOf(planOf(run), run.maskId !== null) }),
    seed: t.field({
      type: SeedRef,
      nullable: true,
      complexity: ROW_COST,
      resolve: ({ seedId }, _args, { loads }) => loads.named('Seed', seedId),
    }),
    mask: t.field({
      type: MaskRef,
      nullable: true,
      complexity: ROW_COST,
      resolve: ({ maskId }, _args, { loads }) => loads.named('Mask', maskId),
    }),
    sweep: t.field({
      type: SweepRef,
      nullable: true,
      complexity: ROW_COST,
      resolve: ({ sweepId }, _args, ctx) => (sweepId === null ? null : sweepOf(ctx, sweepId)),
    }),
    sweepCell: t.intList({ complexity: 1, resolve: ({ sweepCell }) => sweepCell }),
    parent: t.field({
      type: RunRef,
      nullable: true,
      description: 'Null also where it is not open to the viewer.',
      complexity: ROW_COST,
      resolve: async ({ parentId }, _args, ctx) => {
        const parent = parentId === null ? undefined : await runLoads(ctx).runs.load(parentId);
        return parent && (await mayView(ctx, 'Run', parent)) ? parent : null;
      },
    }),
    forkStep: t.exposeInt('forkStep', { nullable: true }),
    forks: t.field({
      type: [RunRef],
      complexity: listCost(10),
      resolve: async ({ workspaceId, id }, _args, ctx) => {
        const forks = await listForks(ctx.database, workspaceId, id);
        const visible = await Promise.all(forks.map((fork) => mayView(ctx, 'Run', fork)));
        return forks.filter((_, i) => visible[i]);
      },
    }),
    iterations: t.exposeInt('iterations'),
    stepCount: t.int({
      description: 'Steps firstStep .. stepCount - 1 are stored.',
      resolve: ({ nextStep }) => nextStep,
    }),
    firstStep: t.exposeInt('firstStep'),
    skippedSteps: t.exposeInt('skippedSteps'),
    loss: t.exposeFloat('loss', { nullable: true }),
    score: t.exposeFloat('score', { nullable: true }),
    pinned: t.exposeBoolean('pinned'),
    priority: t.exposeInt('priority'),
    cancelRequested: t.exposeBoolean('cancelRequested'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true }),
  }),
});
