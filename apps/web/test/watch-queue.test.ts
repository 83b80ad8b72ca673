// Runs that wait while none is computed: told once a worker would have taken one, and no longer than that.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStore } from 'zustand';
import type { RunListView, SessionRun } from '../src/features/session/runs/run-list.ts';
import { watchQueue } from '../src/features/session/runs/watch-queue.ts';
import { ask } from '../src/gql/query.ts';

// The server's answers are the point here; the browser tests ask a real one.
vi.mock('../src/gql/query.ts', () => ({ ask: vi.fn() }));

const answer = (ahead: number, running: number, oldestSeconds: number) =>
  vi.mocked(ask).mockResolvedValue({
    runs: [{ id: 'a', queuePosition: { ahead, queued: 3 } }],
    workspace: { id: 'w', queue: { running, oldestSeconds } },
  });

const viewOf = (status: SessionRun['status']) =>
  createStore<RunListView>(() => ({
    loaded: true,
    trouble: null,
    runs: [{ id: 'a', status, queuePosition: null } as unknown as SessionRun],
    total: 1,
    idle: false,
  }));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.mocked(ask).mockReset();
});

it('asks nothing while no run waits', async () => {
  const stop = watchQueue(viewOf('RUNNING'), 'w');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ask).not.toHaveBeenCalled();
  stop();
});

it('says that nothing computes, and takes it back', async () => {
  const view = viewOf('QUEUED');
  const stop = watchQueue(view, 'w');
  answer(2, 0, 1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(view.getState()).toMatchObject({ idle: false, runs: [{ queuePosition: { ahead: 2 } }] });
  answer(2, 0, 30);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(view.getState().idle).toBe(true);
  answer(1, 1, 30);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(view.getState()).toMatchObject({ idle: false, runs: [{ queuePosition: { ahead: 1 } }] });
  answer(1, 0, 30);
  await vi.advanceTimersByTimeAsync(10_000);
  view.setState({ runs: view.getState().runs.map((run) => ({ ...run, status: 'RUNNING' })) });
  expect(view.getState().idle).toBe(false);
  const asked = vi.mocked(ask).mock.calls.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ask).toHaveBeenCalledTimes(asked);
  stop();
});

it('goes on asking over a lost connection, and stops when it is told to', async () => {
  const stop = watchQueue(viewOf('QUEUED'), 'w');
  vi.mocked(ask).mockRejectedValue(new Error('offline'));
  await vi.advanceTimersByTimeAsync(10_000);
  const asked = vi.mocked(ask).mock.calls.length;
  expect(asked).toBeGreaterThan(2);
  stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(ask).toHaveBeenCalledTimes(asked);
});
