// updateRun, deleteRun: names, pins, and an end of keeping.
import { deleteRun, updateRun } from '@tessera/db';
import { announce, audit } from '../../announce.ts';
import { checkLine, globalId } from '../../input-checks.ts';
import { mutation } from '../../mutation.ts';
import { RunRef } from '../../refs.ts';
import { requireOver, runTarget } from './run-target.ts';

mutation('updateRun', {
  description: 'Names a run, or keeps it from retention.',
  right: 'run',
  input: (t) => ({ runId: t.id({ required: true }), name: t.string(), pinned: t.boolean() }),
  payload: { run: RunRef },
  target: (input, ctx) => runTarget(input, ctx),
  async change({ name, pinned }, ctx, { run }) {
    await requireOver(ctx, run);
    const { id, workspaceId, sessionId } = run;
    const changed = await updateRun(ctx.database, workspaceId, id, {
      ...(name != null && { name: checkLine('name', name, ctx.limits.nameCharacters) }),
      ...(pinned != null && { pinned }),
    });
    await announce(ctx, workspaceId, { kind: 'RUN', id, sessionId, status: changed.status });
    return { run: changed };
  },
});

mutation('deleteRun', {
  description: 'With its steps; forks of it stay. A run that is being computed has to be cancelled first.',
  right: 'run',
  input: (t) => ({ runId: t.id({ required: true }) }),
  payload: { deletedId: 'ID' },
  target: (input, ctx) => runTarget(input, ctx),
  async change(_input, ctx, { run }) {
    await requireOver(ctx, run);
    const { id, workspaceId, sessionId, status, name } = run;
    await deleteRun(ctx.database, workspaceId, id);
    await audit(ctx, workspaceId, { action: 'run.delete', targetType: 'run', targetId: id, detail: { name } });
    await announce(ctx, workspaceId, { kind: 'RUN', id, sessionId, status });
    return { deletedId: globalId('Run', id) };
  },
});
