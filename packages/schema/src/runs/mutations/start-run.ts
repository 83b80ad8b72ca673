// startRun: one run, from a plan or from what a session's document says now.
import { mutation } from '../../mutation.ts';
import { RunRef } from '../../refs.ts';
import { PlanInputRef } from '../inputs.ts';
import { queueRun } from './new-run.ts';
import { repeatedRun } from './repeated.ts';
import { runSource, sourceTarget } from './run-source.ts';

mutation('startRun', {
  right: 'run',
  cost: 20,
  inputDescription: 'With a session and no plan: what its document says now, its seed and painted mask included.',
  input: (t) => ({
    workspaceId: t.id({ description: 'Needed where no session is given.' }),
    sessionId: t.id(),
    plan: t.field({ type: PlanInputRef }),
    seedId: t.id(),
    maskId: t.id(),
    indices: t.intList({ description: 'Tokens to start from, instead of a seed or noise.' }),
    name: t.string(),
    priority: t.int({ description: 'Above 0, before all others: for owners. Below 0: after your own other runs.' }),
    idempotencyKey: t.string({ description: 'The same key and input again give the same run.' }),
  }),
  payload: { run: RunRef },
  target: (input, ctx) => sourceTarget(input, ctx),
  async change(input, ctx, scope) {
    const { indices, name, priority, idempotencyKey } = input;
    const request = { startRun: input };
    const earlier = await repeatedRun(ctx, scope, idempotencyKey, request);
    if (earlier) return { run: earlier };
    const { plan, at, pictures } = await runSource(ctx, scope, input, indices != null);
    const run = await queueRun(ctx, {
      scope,
      plan,
      at,
      origin: indices ? { kind: 'indices', indices } : { kind: 'plan' },
      ...(await pictures([plan])),
      name,
      priority,
      idempotencyKey,
      request,
    });
    return { run };
  },
});
