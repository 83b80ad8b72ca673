// forkRun, mergeRuns, pasteTokens: runs that begin with the tokens of a step, as they are or changed.
import { BadInputError } from '../../errors.ts';
import { idOf } from '../../input-checks.ts';
import { mutation } from '../../mutation.ts';
import { RunRef } from '../../refs.ts';
import { PlanInputRef, StepInputRef } from '../inputs.ts';
import { modelsOf, tokenShape } from '../models.ts';
import { mergeIndices, mergeVectors, pasteTokens } from '../plans/splice-tokens.ts';
import { visibleRun } from '../run-rows.ts';
import { PlacedTokenInput } from '../token-search.ts';
import { queueFork, tokensAfter } from './fork-base.ts';
import { repeatedRun } from './repeated.ts';
import { checkStep, runTarget } from './run-target.ts';

mutation('forkRun', {
  right: 'run',
  cost: 20,
  inputDescription:
    '`plan` holds overrides; what it does not name stays as it is at that step, live changes included. `iterations` counts the steps of the fork itself.',
  input: (t) => ({
    runId: t.id({ required: true }),
    step: t.int({ required: true }),
    plan: t.field({ type: PlanInputRef }),
    seedId: t.id(),
    maskId: t.id(),
    name: t.string(),
    idempotencyKey: t.string(),
  }),
  payload: { run: RunRef },
  target: (input, ctx) => runTarget(input, ctx),
  async change(input, ctx, { run, ...scope }) {
    const request = { forkRun: input };
    const earlier = await repeatedRun(ctx, scope, input.idempotencyKey, request);
    if (earlier) return { run: earlier };
    const step = checkStep(run, input.step, 'step');
    const { plan, seedId, maskId, name, idempotencyKey } = input;
    const origin = { kind: 'step', runId: run.id, step } as const;
    return { run: await queueFork(ctx, { run, step, origin, plan, seedId, maskId, name, idempotencyKey, request }) };
  },
});

mutation('mergeRuns', {
  right: 'run',
  cost: 20,
  inputDescription: 'Tokens of `base`, with `positions` taken from `other`: a new run that is a fork of `base`.',
  input: (t) => ({
    base: t.field({ type: StepInputRef, required: true }),
    other: t.field({ type: StepInputRef, required: true }),
    positions: t.intList({ required: true }),
    plan: t.field({ type: PlanInputRef }),
    name: t.string(),
    idempotencyKey: t.string(),
  }),
  payload: { run: RunRef },
  target: async ({ base }, ctx) => runTarget(base, ctx),
  async change(input, ctx, { run, ...scope }) {
    const request = { mergeRuns: input };
    const earlier = await repeatedRun(ctx, scope, input.idempotencyKey, request);
    if (earlier) return { run: earlier };
    const { base, other, positions, plan, name, idempotencyKey } = input;
    const step = checkStep(run, base.step, 'base.step');
    const second = await visibleRun(ctx, idOf('Run', other.runId, 'other.runId'), 'other.runId');
    if (second.workspaceId !== run.workspaceId) throw new BadInputError('other.runId', 'is of another workspace.');
    if (second.tokenizer !== run.tokenizer || second.positions !== run.positions) {
      throw new BadInputError('other.runId', `has the tokenizer ${second.tokenizer}; merge runs of ${run.tokenizer}.`);
    }
    const own = await tokensAfter(ctx, run, step);
    const theirs = await tokensAfter(ctx, second, checkStep(second, other.step, 'other.step'));
    const origin =
      own.kind === 'indices'
        ? ({ kind: 'indices', indices: mergeIndices(own.data, theirs.data, positions) } as const)
        : ({ kind: 'vectors', vectors: mergeVectors(own.data, theirs.data, positions, run.positions) } as const);
    return { run: await queueFork(ctx, { run, step, origin, plan, name, idempotencyKey, request }) };
  },
});

mutation('pasteTokens', {
  right: 'run',
  cost: 20,
  inputDescription: 'A fork of a step with some tokens set by index.',
  input: (t) => ({
    runId: t.id({ required: true }),
    step: t.int({ required: true }),
    tokens: t.field({ type: [PlacedTokenInput], required: true }),
    plan: t.field({ type: PlanInputRef }),
    name: t.string(),
    idempotencyKey: t.string(),
  }),
  payload: { run: RunRef },
  target: (input, ctx) => runTarget(input, ctx),
  async change(input, ctx, { run, ...scope }) {
    const request = { pasteTokens: input };
    const earlier = await repeatedRun(ctx, scope, input.idempotencyKey, request);
    if (earlier) return { run: earlier };
    const { tokens, plan, name, idempotencyKey } = input;
    const step = checkStep(run, input.step, 'step');
    const own = await tokensAfter(ctx, run, step);
    if (own.kind !== 'indices')
      throw new BadInputError('runId', 'has a tokenizer without codebook; only indices can be pasted.');
    const { codebookSize } = tokenShape(await modelsOf(ctx.compute), run.tokenizer, 'runId');
    const origin = { kind: 'indices', indices: pasteTokens(own.data, tokens, codebookSize) } as const;
    return { run: await queueFork(ctx, { run, step, origin, plan, name, idempotencyKey, request }) };
  },
});
