// What people say to runs that wait or are computed: steering, cancelling, pausing, resuming, naming, deleting.
import { listSteering } from '@tessera/db';
import { describe, expect, it } from 'vitest';
import type { Studio } from '../support/studio.ts';
import { type Lab, type Person, useLab } from './support/lab.ts';
import { startRun } from './support/start.ts';

let lab: Lab;
let studio: Studio;
let ada: Person;
useLab((opened) => {
  lab = opened;
  ({ studio, ada } = opened);
});

describe('steering', () => {
  it('is stored, told to the worker, and refused for a run that is over', async () => {
    const { runId, worker } = await lab.stepped(1);
    const heard = studio.bus.queue.signals(worker.runId);
    const steer = (change: object, viewer = ada) =>
      studio.change(viewer, 'steerRun', { runId, change }, 'steering { seq change appliedStep user { name } }');
    expect(await steer({ noise: 0.5 })).toMatchObject({
      steering: { seq: 1, change: { noise: 0.5 }, appliedStep: null, user: { name: 'Ada' } },
    });
    expect((await heard.next()).value).toMatchObject({ command: { type: 'steer', seq: 1, change: { noise: 0.5 } } });
    await heard.return?.();
    expect((await steer({ objectives: [{ index: 3, weight: 1 }] })).problem).toMatchObject({
      code: 'BAD_INPUT',
      field: 'change.objectives.3',
    });
    expect((await steer({ lockedPositions: [16] })).problem).toMatchObject({
      code: 'BAD_INPUT',
      field: 'change.lockedPositions.0',
    });
    expect((await steer({})).problem).toMatchObject({ code: 'BAD_INPUT', field: 'change' });
    expect((await steer({ noise: 1 }, lab.runner)).problem).toMatchObject({ code: 'FORBIDDEN' });
    expect((await steer({ noise: 1 }, lab.watcher)).problem).toMatchObject({ code: 'FORBIDDEN' });
    await worker.finish();
    expect(await steer({ noise: 1 })).toMatchObject({ steering: null, problem: { code: 'RUN_STATE' } });
    expect(await listSteering(studio.database, lab.workspace.id, worker.runId)).toHaveLength(1);
  });
});

describe('cancel, pause, resume', () => {
  it('reach the worker of a run that is computed, and end the others at once', async () => {
    const { runId, worker } = await lab.stepped(2);
    const heard = studio.bus.queue.signals(worker.runId);
    const said = await studio.change(ada, 'pauseRun', { runId }, 'run { status }');
    expect(said.run.status).toBe('RUNNING');
    expect((await heard.next()).value).toMatchObject({ command: { type: 'pause' } });
    expect((await studio.change(ada, 'resumeRun', { runId }, 'run { status }')).run.status).toBe('RUNNING');
    expect((await studio.change(ada, 'resumeRun', { runId })).problem).toMatchObject({ code: 'RUN_STATE' });
    expect((await studio.change(ada, 'cancelRun', { runId }, 'run { cancelRequested }')).run.cancelRequested).toBe(
      true,
    );
    expect((await heard.next()).value).toMatchObject({ command: { type: 'cancel' } });
    await heard.return?.();
    await worker.finish({ status: 'cancelled' });
    expect((await studio.change(ada, 'cancelRun', { runId }, 'run { status }')).run.status).toBe('CANCELLED');
    const waiting = await startRun(studio, ada, lab.workspace.id);
    expect((await studio.change(ada, 'pauseRun', { runId: waiting }, 'run { status }')).run.status).toBe('PAUSED');
    expect((await studio.change(ada, 'resumeRun', { runId: waiting }, 'run { status }')).run.status).toBe('QUEUED');
    expect((await studio.change(ada, 'cancelRun', { runId: waiting }, 'run { status }')).run.status).toBe('CANCELLED');
    expect((await studio.change(ada, 'pauseRun', { runId: waiting })).problem).toMatchObject({ code: 'RUN_STATE' });
  });

  it('of others need the right to edit', async () => {
    const mine = await startRun(studio, ada, lab.workspace.id);
    const theirs = await startRun(studio, lab.runner, lab.workspace.id);
    for (const name of ['cancelRun', 'pauseRun', 'resumeRun', 'deleteRun', 'updateRun']) {
      expect((await studio.change(lab.runner, name, { runId: mine })).problem, name).toMatchObject({
        code: 'FORBIDDEN',
      });
    }
    expect((await studio.change(lab.runner, 'cancelMyRuns', { ...lab.place, others: true })).problem).toMatchObject({
      code: 'FORBIDDEN',
    });
    const own = await studio.change(lab.runner, 'cancelMyRuns', lab.place, 'runs { id }');
    expect(own.runs).toEqual([{ id: theirs }]);
    const again = await startRun(studio, lab.runner, lab.workspace.id);
    const others = await studio.change(ada, 'cancelMyRuns', { ...lab.place, others: true }, 'runs { id }');
    expect(others.runs).toEqual([{ id: again }]);
    const { run } = await studio.data(ada, `{ run(id: "${mine}") { status queuePosition { ahead } } }`);
    expect(run).toEqual({ status: 'QUEUED', queuePosition: { ahead: 0 } });
  });

  it('keep names and pins, and delete', async () => {
    const { runId, worker } = await lab.stepped(1);
    const changed = await studio.change(ada, 'updateRun', { runId, name: 'Kept', pinned: true }, 'run { name pinned }');
    expect(changed.run).toEqual({ name: 'Kept', pinned: true });
    expect((await studio.change(ada, 'deleteRun', { runId })).problem).toMatchObject({ code: 'RUN_STATE' });
    await worker.finish();
    expect((await studio.change(ada, 'deleteRun', { runId }, 'deletedId')).deletedId).toBe(runId);
    expect((await studio.change(ada, 'deleteRun', { runId })).problem).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are done also while the bus is away', async () => {
    const { live, queue } = studio.bus;
    const { BusUnavailableError } = await import('@tessera/bus');
    const away = () => Promise.reject(new BusUnavailableError('publish', new Error('away')));
    const [publish, hint] = [live.publish, queue.hint];
    Object.assign(live, { publish: away });
    Object.assign(queue, { hint: away });
    const { run, problem } = await lab.start({});
    Object.assign(live, { publish });
    Object.assign(queue, { hint });
    expect(problem).toBeNull();
    expect((await lab.configOf(run.id)).row.status).toBe('queued');
  });
});
