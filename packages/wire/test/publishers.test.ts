// What is published arrives as it was meant: steps in order, only the newest status and picture, changes by key.
import { type Delivery, openBus } from '@tessera/bus';
import { describe, expect, it } from 'vitest';
import {
  decodeChange,
  publishChange,
  publishFrame,
  publishQueueChanged,
  publishStatus,
  publishStep,
  readRunDelivery,
  topics,
} from '../src/index.ts';
import { frame, skipped, status, step } from './samples.ts';

async function take(deliveries: AsyncIterator<Delivery, undefined>, count: number): Promise<Delivery[]> {
  const taken: Delivery[] = [];
  while (taken.length < count) {
    const { done, value } = await deliveries.next();
    if (done) throw new Error('ended');
    taken.push(value);
  }
  return taken;
}

describe('publishers', () => {
  it('W3 a run: steps are lossless, harmless when repeated, with gaps told; status and frame are the newest', async () => {
    await using bus = await openBus();
    await publishStep(bus.live, step);
    await publishStep(bus.live, step);
    await publishStatus(bus.live, { type: 'status', runId: 'run_1', seq: 0, status: 'running' });
    await publishStep(bus.live, skipped);
    await publishStatus(bus.live, status);
    await publishFrame(bus.live, { ...frame, seq: 7 });
    await publishFrame(bus.live, frame);
    const subscription = bus.live.subscribe(topics.run('run_1'), { after: 6 });
    const read = (await take(subscription, 5)).map(readRunDelivery);
    expect(read).toStrictEqual([{ type: 'gap', from: 7, to: 7 }, step, skipped, status, { type: 'frame', frame }]);
    expect(await Promise.race([subscription.next(), new Promise((r) => setTimeout(r, 20, 'quiet'))])).toBe('quiet');
  });

  it('an emptied or unknown slot of a run is nothing', () => {
    expect(readRunDelivery({ type: 'latest', key: 'frame', at: 1, data: null })).toBeUndefined();
    expect(readRunDelivery({ type: 'latest', key: 'other', at: 1, data: new Uint8Array(1) })).toBeUndefined();
  });

  it('a workspace: the newest change of each thing', async () => {
    await using bus = await openBus();
    const run = { kind: 'RUN', id: 'run_1', sessionId: 'ses_1' } as const;
    await publishChange(bus.live, 'ws_1', { ...run, status: 'queued' });
    await publishChange(bus.live, 'ws_1', { kind: 'SEED', id: 'seed_1' });
    await publishChange(bus.live, 'ws_1', { ...run, status: 'running' });
    await publishChange(bus.live, 'ws_2', { kind: 'SEED', id: 'seed_2' });
    const seen = await take(bus.live.subscribe(topics.workspace('ws_1')), 2);
    expect(seen.map((d) => (d.type === 'latest' && d.data ? [d.key, decodeChange(d.data)] : d))).toEqual(
      expect.arrayContaining([
        ['seed:seed_1', { kind: 'SEED', id: 'seed_1' }],
        ['run:run_1', { ...run, status: 'running' }],
      ]),
    );
  });

  it('the queue: one slot', async () => {
    await using bus = await openBus();
    const subscription = bus.live.subscribe(topics.queue);
    await publishQueueChanged(bus.live);
    await publishQueueChanged(bus.live);
    expect(await take(subscription, 1)).toMatchObject([{ type: 'latest', key: '' }]);
  });
});
