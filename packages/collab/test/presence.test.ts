// Presence: who is there, for how long, how often.
import { openBus } from '@tessera/bus';
import { sleep } from '@tessera/protocol/testing';
import { describe, expect, it } from 'vitest';
import { type CollabLimits, type PresenceChange, PresenceHub } from '../src/index.ts';

const ANN = { userId: 'ann', clientId: 'c-ann', name: 'Ann' };
const BOB = { userId: 'bob', clientId: 'c-bob', name: 'Bob' };
const SESSION = 'session-1';

async function room(limits: Partial<CollabLimits> = {}) {
  const bus = await openBus({ limits: { sweepMs: 10 } });
  const authorise = ({ userId }: { userId: string }, _: string, action: string) =>
    userId !== 'mallory' && (userId !== 'eve' || action === 'view');
  const hub = new PresenceHub({ live: bus.live, authorise, limits });
  const close = async () => {
    hub[Symbol.dispose]();
    await bus[Symbol.asyncDispose]();
  };
  return { bus, hub, [Symbol.asyncDispose]: close };
}

const short = (change: PresenceChange | undefined) =>
  change?.type === 'here' ? `${change.presence.name} ${change.presence.step ?? '-'}` : `-${change?.clientId}`;

describe('presence', () => {
  it('P1 shows what a client says, under the name of its token', async () => {
    await using r = await room();
    const watching = await r.hub.watch(SESSION, BOB);
    await r.hub.show(SESSION, ANN, {
      colour: '#3366cc',
      cursor: { x: 0.5, y: 1 },
      runId: 'r',
      step: 7,
      following: 'c-bob',
    });
    expect((await watching.next()).value).toEqual({
      type: 'here',
      presence: {
        sessionId: SESSION,
        clientId: 'ann:c-ann',
        userId: 'ann',
        name: 'Ann',
        colour: '#3366cc',
        cursor: { x: 0.5, y: 1 },
        runId: 'r',
        step: 7,
        following: 'c-bob',
      },
    });
    await watching.return?.();
  });

  it('P1 keeps a tab to its user, whatever ids others give themselves', async () => {
    await using r = await room({ presencePerSecond: 1, presenceBurst: 1 });
    const watching = await r.hub.watch(SESSION, ANN);
    await r.hub.show(SESSION, ANN, { colour: '#000000', step: 1 });
    // With a bucket of his own, under Ann's id and under what others know her by.
    for (const clientId of [ANN.clientId, `ann:${ANN.clientId}`]) {
      await r.hub.show(SESSION, { ...BOB, clientId }, { colour: '#ffffff', step: 2 });
      await r.hub.leave(SESSION, { ...BOB, clientId });
    }
    const newcomer = await r.hub.watch(SESSION, ANN);
    const here = await newcomer.next();
    expect(here.value).toMatchObject({ type: 'here', presence: { clientId: 'c-ann', userId: 'ann', step: 1 } });
    await r.hub.leave(SESSION, ANN);
    const seen: (string | undefined)[] = [];
    while (seen.at(-1) !== 'c-ann left') {
      const { value } = await watching.next();
      seen.push(value?.type === 'left' ? `${value.clientId} left` : value?.presence.clientId);
    }
    expect(seen.filter((id) => id === 'c-ann left' || id === 'ann:c-ann left')).toEqual(['c-ann left']);
    await Promise.all([watching.return?.(), newcomer.return?.()]);
  });

  it('P2 lives until it is silent or leaves; newcomers see who is there', async () => {
    await using r = await room({ presenceMs: 1_000 });
    const watching = await r.hub.watch(SESSION, BOB);
    await r.hub.show(SESSION, ANN, { colour: '#000000', step: 1 });
    await r.hub.show(SESSION, BOB, { colour: '#ffffff' });
    await r.hub.leave(SESSION, BOB);
    const seen: string[] = [];
    for (let i = 0; i < 3; i += 1) seen.push(short((await watching.next()).value ?? undefined));
    expect(seen).toEqual(['Ann 1', '-c-bob', '-ann:c-ann']);
    await r.hub.show(SESSION, ANN, { colour: '#000000', step: 2 });
    const newcomer = await r.hub.watch(SESSION, BOB);
    expect(short((await newcomer.next()).value ?? undefined)).toBe('Ann 2');
    await Promise.all([watching.return?.(), newcomer.return?.()]);
    expect(r.bus.live.stats().subscribers).toBe(0);
  });

  it('P3 is limited per client, and says when to come again', async () => {
    await using r = await room({ presencePerSecond: 50, presenceBurst: 5 });
    const show = (actor: typeof ANN) => r.hub.show(SESSION, actor, { colour: '#000000' });
    let shown = 0;
    let refused: unknown;
    while (refused === undefined) {
      try {
        await show(ANN);
        shown += 1;
      } catch (error) {
        refused = error;
      }
    }
    // More than the burst where the machine is so slow that the bucket fills meanwhile.
    expect(shown).toBeGreaterThanOrEqual(5);
    expect(refused).toMatchObject({ code: 'RATE_LIMITED' });
    const { retryAfterMs } = refused as { retryAfterMs: number };
    expect(retryAfterMs).toBeLessThanOrEqual(20);
    await show(BOB);
    await sleep(retryAfterMs + 5);
    await show(ANN);
  });

  it('P4 gives a slow watcher the newest of each', async () => {
    await using r = await room();
    const watching = await r.hub.watch(SESSION, BOB);
    for (let step = 1; step <= 15; step += 1) await r.hub.show(SESSION, ANN, { colour: '#000000', step });
    await r.hub.show(SESSION, BOB, { colour: '#000000', step: 99 });
    expect([
      short((await watching.next()).value ?? undefined),
      short((await watching.next()).value ?? undefined),
    ]).toEqual(['Ann 15', 'Bob 99']);
    await watching.return?.();
  });

  it.each([
    ['a colour that is none', { colour: 'red; background: url(x)' }, 'colour'],
    ['a cursor outside', { colour: '#000000', cursor: { x: 2, y: 0 } }, 'cursor.x'],
    ['NaN', { colour: '#000000', cursor: { x: Number.NaN, y: 0 } }, 'cursor.x'],
    ['half a step', { colour: '#000000', step: 0.5 }, 'step'],
    ['a name of its own', { colour: '#000000', name: 'Root' }, ''],
    ['nothing', null, ''],
  ])('P1 refuses %s', async (_, state, path) => {
    await using r = await room();
    await expect(r.hub.show(SESSION, ANN, state)).rejects.toMatchObject({ code: 'PRESENCE_INVALID', path });
  });

  it('is for those whose role allows it', async () => {
    await using r = await room();
    const eve = { userId: 'eve', clientId: 'e', name: 'Eve' };
    await expect(r.hub.show(SESSION, eve, { colour: '#000000' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await (await r.hub.watch(SESSION, eve)).return?.();
    await expect(r.hub.watch(SESSION, { userId: 'mallory' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
