// The track of a run: every step once, in one growing list, told once per painted frame, also in a tab that paints nothing.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

interface Followed {
  readonly variables: () => { readonly after: number };
  readonly next: (data: unknown) => void;
  readonly stop: () => void;
}

const followed: Followed[] = [];
vi.mock('../src/gql/follow.ts', () => ({
  follow: (_: unknown, variables: Followed['variables'], { next }: { readonly next: Followed['next'] }) => {
    const stop = vi.fn();
    followed.push({ variables, next, stop });
    return stop;
  },
}));

const { RunTrack, stepAt } = await import('../src/features/run/run-track.ts');
const { Pace } = await import('../src/features/run/pace.ts');

const painting: (() => void)[] = [];
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => painting.push(run));
  vi.stubGlobal('cancelAnimationFrame', (id: number) => painting.splice(id - 1, 1, () => {}));
});
afterEach(() => {
  followed.length = 0;
  painting.length = 0;
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const paint = () => {
  for (const run of painting.splice(0)) run();
};
const stepEvent = (seq: number) => ({ runSteps: { __typename: 'StepEvent', seq, step: { step: seq - 1 } } });
const frameEvent = (step: number) => ({
  runSteps: { __typename: 'FrameEvent', seq: step + 1, frameStep: step, dataUrl: `data:${step}` },
});

function opened() {
  const onFrame = vi.fn();
  const track = new RunTrack({ runId: 'r', frame: {}, maxFps: 24, onFrame });
  const told = vi.fn();
  track.view.subscribe(told);
  track.open();
  return { track, told, onFrame, stream: followed.at(-1)! };
}

it('tells many steps once per painted frame, in the same list', () => {
  const { track, told, stream } = opened();
  const { steps } = track.view.getState();
  for (let seq = 1; seq <= 50; seq += 1) stream.next(stepEvent(seq));
  expect(told).not.toHaveBeenCalled();
  paint();
  expect(told).toHaveBeenCalledTimes(1);
  expect(track.view.getState()).toMatchObject({ version: 1 });
  expect(track.view.getState().steps).toBe(steps);
  expect(steps).toHaveLength(50);
});

it('goes on where nothing is painted, as in a hidden tab, and then once', () => {
  const { told, stream } = opened();
  stream.next(stepEvent(1));
  vi.advanceTimersByTime(1_000);
  expect(told).toHaveBeenCalledTimes(1);
  paint();
  expect(told).toHaveBeenCalledTimes(1);
});

it('asks after a lost connection for what comes after the last step, and takes none twice', () => {
  const { track, stream } = opened();
  for (const seq of [1, 2, 3]) stream.next(stepEvent(seq));
  expect(stream.variables().after).toBe(3);
  for (const seq of [2, 3, 4]) stream.next(stepEvent(seq));
  expect(track.view.getState().steps.map(({ step }) => step)).toEqual([0, 1, 2, 3]);
  stream.next({ runSteps: { __typename: 'GapEvent', from: 5, to: 8 } });
  stream.next(stepEvent(9));
  paint();
  expect(track.view.getState().gaps).toEqual([{ from: 5, to: 8 }]);
  expect(stepAt(track.view.getState().steps, 8)?.step).toBe(8);
  expect(stepAt(track.view.getState().steps, 5)).toBeUndefined();
});

it('goes on after it was closed, and tells nothing while it is', () => {
  const { track, told, stream } = opened();
  stream.next(stepEvent(1));
  track.close();
  expect(stream.stop).toHaveBeenCalledTimes(1);
  paint();
  vi.advanceTimersByTime(1_000);
  expect(told).not.toHaveBeenCalled();
  track.open();
  expect(followed).toHaveLength(2);
  expect(followed[1]!.variables().after).toBe(1);
});

it('shows a picture at once, before the numbers of its step, and never an older one after it', () => {
  const { track, onFrame, stream } = opened();
  const shown = () => {
    paint();
    return track.view.getState().frame?.step;
  };
  stream.next(frameEvent(1));
  expect(onFrame).toHaveBeenCalledWith({ step: 1, src: 'data:1' });
  expect(shown()).toBe(1);
  stream.next(stepEvent(1));
  stream.next(frameEvent(4));
  expect(shown()).toBe(4);
  // The run was taken up again from a checkpoint.
  stream.next(frameEvent(3));
  expect(shown()).toBe(4);
  stream.next(frameEvent(4));
  stream.next(frameEvent(5));
  expect(shown()).toBe(5);
});

it('measures the pace of what is computed, not of what is replayed', () => {
  const pace = new Pace(0);
  expect(pace.count(100)).toBeNull();
  let last: number | null = null;
  for (let now = 1_000; now <= 10_000; now += 100) last = pace.count(now);
  expect(last).toBeCloseTo(10, 5);
});
