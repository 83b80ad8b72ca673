// runSteps: every step once and in order, however the subscriber comes and goes.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Workspace } from '@tessera/db';
import { applyRetention } from '@tessera/db';
import { randomOf } from '@tessera/protocol/testing';
import { describe, expect, it } from 'vitest';
import type { Studio } from '../support/studio.ts';
import { useStudio } from '../support/studio.ts';
import { collect, type Event, RUN_STEPS, startRun } from './support/start.ts';
import { TestWorker, tokensAt } from './support/worker.ts';

let studio: Studio;
let ada: Awaited<ReturnType<Studio['person']>>;
let lab: Workspace;
useStudio(
  async (opened) => {
    studio = opened;
    ada = await studio.person('Ada');
    lab = await studio.workspace(ada, 'replay-lab');
  },
  // Small, so that a replay takes several chunks.
  { replaySteps: 16 },
);

const stepsOf = (events: readonly Event[]) =>
  events.filter(({ __typename }) => __typename === 'StepEvent').map(({ seq }) => seq);
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

async function begun(iterations = 20): Promise<{ readonly runId: string; readonly worker: TestWorker }> {
  const plan = { objectives: [{ kind: 'CLIP', prompt: 'a red fox' }], iterations };
  const runId = await startRun(studio, ada, lab.id, { plan });
  return { runId, worker: await TestWorker.take(studio) };
}

describe('replay', () => {
  it('gives a late joiner of a finished run every step, the last picture, the status, and ends', async () => {
    const { runId, worker } = await begun();
    await worker.steps(7);
    await worker.steps(33, { tell: false });
    await worker.finish();
    const events = await collect(studio, ada, { runId, frame: { size: 16, format: 'PNG' } });
    expect(stepsOf(events)).toEqual(upTo(40));
    expect(events.find(({ seq, __typename }) => __typename === 'StepEvent' && seq === 5)?.step?.tokens).toEqual(
      tokensAt(4),
    );
    expect(events.slice(40).map(({ __typename, seq }) => [__typename, seq])).toEqual([
      ['FrameEvent', 40],
      ['StatusEvent', 40],
    ]);
    expect(events[40]).toMatchObject({
      size: 16,
      format: 'PNG',
      dataUrl: expect.stringMatching(/^data:image\/png;base64,/),
    });
    expect(events[41]).toMatchObject({ status: 'COMPLETED', run: { stepCount: 40 } });
    expect(stepsOf(await collect(studio, ada, { runId, after: 38 }))).toEqual([39, 40]);
    expect((await collect(studio, ada, { runId, after: 40 })).map(({ __typename }) => __typename)).toEqual([
      'StatusEvent',
    ]);
  });

  const seed = Number(process.env.TESSERA_SEED ?? Math.floor(Math.random() * 2 ** 31));
  it(`leaves no gap and no repeat while steps come and readers are cut at random (TESSERA_SEED=${seed})`, async () => {
    const random = randomOf(seed);
    const total = 150;
    const { runId, worker } = await begun(total);
    const readers = Promise.all(
      Array.from({ length: 4 }, async () => {
        const seen: number[] = [];
        for (let over = false; !over; ) {
          const limit = Math.floor(random() * 40);
          let count = 0;
          const events = await collect(studio, ada, { runId, after: seen.length }, () => ++count > limit);
          seen.push(...stepsOf(events));
          over = events.at(-1)?.status === 'COMPLETED';
        }
        return seen;
      }),
    );
    while (worker.next < total) {
      // Some batches are stored and never told: the bus was away.
      await worker.steps(Math.min(total - worker.next, 1 + Math.floor(random() * 20)), { tell: random() > 0.2 });
      await sleep(random() * 5);
    }
    await worker.finish();
    for (const seen of await readers) expect(seen).toEqual(upTo(total));
  });

  it('tells explicitly what retention took', async () => {
    const { runId, worker } = await begun();
    await worker.steps(12);
    await worker.finish();
    await applyRetention(studio.database, { stepsDays: 0 }, new Date(Date.now() + 60_000));
    const events = await collect(studio, ada, { runId, after: 4 });
    expect(events.map(({ __typename, seq, from, to }) => [__typename, seq, from, to])).toEqual([
      ['GapEvent', 11, 5, 11],
      ['StepEvent', 12, undefined, undefined],
      ['StatusEvent', 12, undefined, undefined],
    ]);
  });

  it('ends with the status of a run that was cancelled before it began', async () => {
    const runId = await startRun(studio, ada, lab.id);
    const reading = collect(studio, ada, { runId });
    await sleep(20);
    const { run } = await studio.change(ada, 'cancelRun', { runId }, 'run { status }');
    expect(run.status).toBe('CANCELLED');
    expect((await reading).map(({ status }) => status).at(-1)).toBe('CANCELLED');
  });

  it('frees its place at once when it is left, waiting or not', async () => {
    const { runId, worker } = await begun();
    const before = studio.bus.live.stats().subscribers;
    const feeds = await Promise.all(
      Array.from({ length: 20 }, () => studio.subscribe(ada, RUN_STEPS, { runId, frame: {} })),
    );
    const waiting = feeds.map(async (feed) => {
      for (;;) {
        const { done } = await feed.next();
        if (done) return;
      }
    });
    await worker.steps(3);
    expect(studio.bus.live.stats().subscribers).toBe(before + 20);
    await Promise.all(feeds.map((feed) => feed.return()));
    expect(studio.bus.live.stats().subscribers).toBe(before);
    await Promise.all(waiting);
    await worker.finish();
  });
});

describe('frames', () => {
  it('are the newest for a reader that stalled, and steps are all there', async () => {
    const { runId, worker } = await begun();
    const feed = await studio.subscribe(ada, RUN_STEPS, { runId, frame: {}, maxFps: 30 });
    const first = async (type: string) => {
      for (;;) {
        const event: Event = (await feed.next()).value!.data.runSteps;
        if (event.__typename === type) return event;
      }
    };
    await first('StatusEvent');
    await worker.steps(1);
    await worker.frame(0);
    expect((await first('FrameEvent')).seq).toBe(1);
    // Nobody reads while these come.
    for (let step = 1; step < 15; step++) {
      await worker.steps(1);
      await worker.frame(step);
    }
    expect((await first('FrameEvent')).seq).toBe(15);
    await worker.finish();
    const rest: Event[] = [];
    for await (const { data } of feed) rest.push(data.runSteps);
    expect(rest.at(-1)?.status).toBe('COMPLETED');
    expect(rest.filter(({ __typename }) => __typename === 'FrameEvent')).toEqual([]);
  });

  it('are made once for all who want the same, and end with the picture of the last step', async () => {
    const { runId, worker } = await begun();
    const variables = { runId, frame: { size: 24, format: 'JPEG' }, maxFps: 30 };
    const before = studio.bus.live.stats().subscribers;
    const readers = Array.from({ length: 10 }, () => collect(studio, ada, variables));
    await expect.poll(() => studio.bus.live.stats().subscribers).toBe(before + 10);
    await worker.steps(5);
    await worker.frame(2);
    await sleep(50);
    const decoded = studio.compute.calls.decode ?? 0;
    await worker.finish();
    const all = await Promise.all(readers);
    for (const events of all) {
      const frames = events.filter(({ __typename }) => __typename === 'FrameEvent');
      expect(frames.at(-1)).toMatchObject({ seq: 5, size: 24, format: 'JPEG' });
      expect(new Set(frames.map(({ seq }) => seq)).size).toBe(frames.length);
    }
    expect((studio.compute.calls.decode ?? 0) - decoded).toBe(1);
  });

  it('are left out without the argument, or at 0 frames a second', async () => {
    const { runId, worker } = await begun();
    await worker.steps(2);
    await worker.frame(1);
    await worker.finish();
    const plain = await collect(studio, ada, { runId });
    const none = await collect(studio, ada, { runId, frame: {}, maxFps: 0 });
    expect([...plain, ...none].some(({ __typename }) => __typename === 'FrameEvent')).toBe(false);
  });

  it('do not keep the status back when nobody can decode', async () => {
    const { runId, worker } = await begun();
    await worker.steps(2);
    await worker.finish();
    studio.compute.away = true;
    const events = await collect(studio, ada, { runId, frame: { size: 20 } });
    studio.compute.away = false;
    expect(events.map(({ __typename }) => __typename)).toEqual(['StepEvent', 'StepEvent', 'StatusEvent']);
  });
});

describe('refusals', () => {
  it('names the argument that is wrong', async () => {
    const runId = await startRun(studio, ada, lab.id);
    for (const [variables, field] of [
      [{ runId, after: -1 }, 'after'],
      [{ runId, maxFps: 31 }, 'maxFps'],
      [{ runId, frame: { size: 0 } }, 'size'],
      [{ runId, frame: { every: 0 } }, 'frame.every'],
      [{ runId: lab.id }, 'runId'],
    ] as const) {
      await expect(studio.subscribe(ada, RUN_STEPS, variables)).rejects.toMatchObject({
        extensions: { code: 'BAD_INPUT', field },
      });
    }
    await studio.change(ada, 'cancelRun', { runId });
  });

  it('tells strangers nothing', async () => {
    const runId = await startRun(studio, ada, lab.id);
    const eve = await studio.person('Eve');
    await expect(studio.subscribe(eve, RUN_STEPS, { runId })).rejects.toMatchObject({
      extensions: { code: 'NOT_FOUND' },
    });
    await studio.change(ada, 'cancelRun', { runId });
  });
});
