// The hub: what it takes, what it refuses, what it stores, how it spreads.
import { openBus } from '@tessera/bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  addObjective,
  addStroke,
  COLLAB_LIMITS,
  DocumentPeer,
  type DocumentStore,
  MemoryDocumentStore,
  openDoc,
  readSnapshot,
  rootsOf,
  setSettings,
  setText,
} from '../src/index.ts';
import { ANN, BOB, EVE, linkTo, random, sleep, stroke, until, type World, world } from './support.ts';

const DOC = 'session-1';
let w: World;
beforeEach(async () => {
  w = await world();
});
afterEach(() => w[Symbol.asyncDispose]());

/** The update of one change to a document that has what `on` has. */
function updateOf(change: (doc: Y.Doc) => void, on?: Uint8Array): Uint8Array {
  const doc = openDoc(on);
  const before = Y.encodeStateVector(doc);
  change(doc);
  return Y.encodeStateAsUpdate(doc, before);
}
const typing = (text: string) => updateOf((doc) => setText(doc, 'prompt', text, null));
const state = async () => (await w.hub.sync(DOC, ANN)).update;

describe('updates', () => {
  it('U1 U3 are stored under rising numbers and read back', async () => {
    expect(await w.hub.push(DOC, ANN, typing('a'))).toBe(1);
    expect(
      await w.hub.push(
        DOC,
        BOB,
        updateOf((d) => setSettings(d, { cfg: 3 }, null)),
      ),
    ).toBe(2);
    expect(await w.hub.snapshot(DOC, ANN)).toMatchObject({ seq: 2, prompt: 'a', settings: { cfg: 3 } });
    expect((await w.store.load(DOC, 0)).updates.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('U2 of one tick are one row, with all their authors', async () => {
    const rows: (readonly string[])[] = [];
    const store = new MemoryDocumentStore();
    const append = store.append.bind(store);
    store.append = (id, update: Parameters<DocumentStore['append']>[1]) => {
      rows.push(update.userIds);
      return append(id, update);
    };
    await using own = await world({ tickMs: 20 }, store);
    const seqs = await Promise.all([
      own.hub.push(DOC, ANN, typing('a')),
      own.hub.push(DOC, BOB, typing('b')),
      own.hub.push(
        DOC,
        ANN,
        updateOf((d) => addStroke(d, stroke('s'), null)),
      ),
    ]);
    expect(seqs).toEqual([1, 1, 1]);
    expect(rows).toEqual([['ann', 'bob']]);
    expect((await own.hub.snapshot(DOC, ANN)).prompt).toMatch(/^(ab|ba)$/);
  });

  it('U5 sent twice are stored once', async () => {
    const update = typing('a');
    expect(await w.hub.push(DOC, ANN, update)).toBe(1);
    expect(await w.hub.push(DOC, ANN, update)).toBe(1);
    expect((await w.store.load(DOC, 0)).updates).toHaveLength(1);
  });

  it('U6 that build on missing ones are refused, and taken as a difference', async () => {
    const doc = openDoc();
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    setText(doc, 'prompt', 'a', null);
    setText(doc, 'prompt', 'ab', null);
    await expect(w.hub.push(DOC, ANN, updates[1]!)).rejects.toMatchObject({ code: 'DOC_UPDATES_MISSING' });
    expect((await w.store.load(DOC, 0)).updates).toEqual([]);
    const { stateVector } = await w.hub.sync(DOC, ANN);
    await w.hub.push(DOC, ANN, Y.encodeStateAsUpdate(doc, stateVector));
    expect((await w.hub.snapshot(DOC, ANN)).prompt).toBe('ab');
  });

  it('U8 that cannot be stored change nothing, and may come again', async () => {
    const store = new MemoryDocumentStore();
    const append = store.append.bind(store);
    let broken = true;
    store.append = (id, update) => (broken ? Promise.reject(new Error('disk full')) : append(id, update));
    await using own = await world({ tickMs: 0 }, store);
    const update = typing('a');
    await expect(own.hub.push(DOC, ANN, update)).rejects.toMatchObject({ code: 'DOC_STORE_FAILED' });
    expect((await own.hub.snapshot(DOC, ANN)).prompt).toBe('');
    broken = false;
    expect(await own.hub.push(DOC, ANN, update)).toBe(1);
    expect((await own.hub.snapshot(DOC, ANN)).prompt).toBe('a');
  });

  it('U9 become a snapshot every so many', async () => {
    await using own = await world({ tickMs: 0, compactEvery: 10 });
    const peer = new DocumentPeer();
    await peer.connect(linkTo(own.hub, DOC));
    for (let i = 1; i <= 25; i += 1) {
      setText(peer.doc, 'prompt', `text ${i}`, null);
      await until('saved', () => peer.saved);
    }
    const { snapshot, updates } = await own.store.load(DOC, 0);
    expect(snapshot!.seq).toBe(20);
    expect(updates.map(({ seq }) => seq)).toEqual([21, 22, 23, 24, 25]);
    await using again = await world({ tickMs: 0 }, own.store);
    expect(await again.hub.snapshot(DOC, ANN)).toMatchObject({ prompt: 'text 25', seq: 25 });
    peer.destroy();
  });
});

describe('refused, with nothing applied (U7)', () => {
  const put = (name: string, change: (doc: Y.Doc) => void) => [name, change] as const;
  const raw = (fields: Record<string, unknown>) => (doc: Y.Doc) =>
    rootsOf(doc).strokes.push([{ ...stroke('x'), ...fields }]);
  it.each([
    put('S1 a foreign root', (doc) => doc.getMap('secrets').set('a', 1)),
    put('S1 keys in the prompt', (doc) => doc.getMap('prompt').set('a', 1)),
    put('S1 items in the settings', (doc) => doc.getArray('settings').push([1])),
    put('S2 a formatted prompt', (doc) => doc.getText('prompt').insert(0, 'x', { bold: true })),
    put('S2 an embedded object', (doc) => doc.getText('prompt').insertEmbed(0, { image: 'x' })),
    put('S3 a stroke that can be changed', (doc) =>
      doc.getArray('strokes').push([new Y.Map(Object.entries(stroke('x')))]),
    ),
    put('S3 a number for a stroke', (doc) => doc.getArray('strokes').push([1])),
    put('S3 a document for a stroke', (doc) => doc.getArray('strokes').push([new Y.Doc()])),
    put('S4 NaN in points', raw({ points: [Number.NaN, 0] })),
    put('S4 half a point', raw({ points: [0, 0, 0] })),
    put('S4 no points', raw({ points: [] })),
    put('S4 infinite points', raw({ points: [Number.POSITIVE_INFINITY, 0] })),
    put('S4 a huge brush', raw({ size: 7 })),
    put('S4 an unknown mode', raw({ mode: 'smudge' })),
    put('S4 an unknown field', raw({ script: 'x' })),
    put('S4 NaN as learning rate', (doc) => rootsOf(doc).settings.set('learningRate', Number.NaN)),
    put('S4 a negative noise', (doc) => rootsOf(doc).settings.set('noise', -1)),
    put('S4 text as iterations', (doc) => rootsOf(doc).settings.set('iterations', 'many')),
    put('S4 undefined as cfg', (doc) => doc.getMap('settings').set('cfg', undefined)),
    put('S4 an unknown setting', (doc) => doc.getMap('settings').set('isAdmin', true)),
    put('S4 a setting named like a method', (doc) => doc.getMap('settings').set('constructor', 1)),
    put('S4 a map as a setting', (doc) => doc.getMap('settings').set('cfg', new Y.Map())),
    put('S4 an objective of unknown kind', (doc) =>
      doc.getArray('objectives').push([
        new Y.Map([
          ['id', 'a'],
          ['kind', 'lpips'],
        ]),
      ]),
    ),
    put('S4 a plain objective', (doc) => doc.getArray('objectives').push([{ id: 'a', kind: 'l1', weight: 1 }])),
    put('S4 NaN as weight', (doc) => addObjective(doc, { id: 'a', kind: 'l1', weight: Number.NaN }, null)),
  ])('%s', async (_, change) => {
    await w.hub.push(DOC, ANN, typing('before'));
    const before = await state();
    const doc = new Y.Doc();
    change(doc);
    await expect(w.hub.push(DOC, ANN, Y.encodeStateAsUpdate(doc))).rejects.toMatchObject({ code: 'DOC_SHAPE' });
    expect(await state()).toEqual(before);
    expect((await w.store.load(DOC, 0)).updates).toHaveLength(1);
    expect(
      await w.hub.push(
        DOC,
        BOB,
        updateOf((d) => setText(d, 'prompt', 'before, after', null), before),
      ),
    ).toBe(2);
  });

  it.each([
    ['a huge update', 'updateBytes', {}, (doc: Y.Doc) => rootsOf(doc).prompt.insert(0, 'x'.repeat(600_000))],
    ['a long prompt', 'textCharacters', {}, (doc: Y.Doc) => rootsOf(doc).prompt.insert(0, 'x'.repeat(8_001))],
    [
      'a huge document',
      'documentBytes',
      { documentBytes: 500 },
      (doc: Y.Doc) => rootsOf(doc).prompt.insert(0, 'x'.repeat(600)),
    ],
    [
      'too many strokes',
      'strokes',
      { strokes: 3 },
      (doc: Y.Doc) => {
        for (let i = 0; i < 4; i += 1) addStroke(doc, stroke(`s${i}`), null);
      },
    ],
    [
      'too many points',
      'points',
      { points: 5 },
      (doc: Y.Doc) => {
        for (let i = 0; i < 3; i += 1) addStroke(doc, stroke(`s${i}`), null);
      },
    ],
    [
      'too many objectives',
      'objectives',
      {},
      (doc: Y.Doc) => {
        for (let i = 0; i < 9; i += 1) addObjective(doc, { id: `o${i}`, kind: 'l1', weight: 1 }, null);
      },
    ],
  ])('%s', async (_, limit, limits, change) => {
    await using own = await world({ tickMs: 0, ...limits });
    await expect(own.hub.push(DOC, ANN, updateOf(change))).rejects.toMatchObject({ code: 'DOC_LIMIT', limit });
    expect((await own.store.load(DOC, 0)).updates).toEqual([]);
  });

  it('what two did within the limits, and together beyond', async () => {
    const half = 'x'.repeat(COLLAB_LIMITS.textCharacters.value / 2 + 1);
    await w.hub.push(DOC, ANN, typing(half));
    await expect(w.hub.push(DOC, BOB, typing(half))).rejects.toMatchObject({ code: 'DOC_LIMIT' });
    expect((await w.hub.snapshot(DOC, ANN)).prompt).toBe(half);
  });

  it('bytes that are no update, 200 of them', async () => {
    const next = random(11);
    const good = typing('hello');
    await w.hub.push(DOC, ANN, typing('x'));
    const before = await w.hub.snapshot(DOC, ANN);
    for (let i = 0; i < 200; i += 1) {
      const bad = i % 2 ? Uint8Array.from({ length: 1 + Math.floor(next() * 60) }, () => next() * 256) : good.slice();
      if (i % 2 === 0) bad[Math.floor(next() * bad.length)] = next() * 256;
      await w.hub.push(DOC, ANN, bad).catch((error: unknown) => {
        expect(error).toMatchObject({ code: expect.stringMatching(/^DOC_/) });
      });
      if (i % 50 === 0) readSnapshot(openDoc(await state()));
    }
    // Mutants that are updates add text; everything else is as it was.
    expect(await w.hub.snapshot(DOC, ANN)).toMatchObject({ settings: before.settings, strokes: [], objectives: [] });
  });

  it('a state vector that is none', async () => {
    await w.hub.push(DOC, ANN, typing('x'));
    await expect(w.hub.sync(DOC, ANN, Uint8Array.of(255, 255, 255))).rejects.toMatchObject({
      code: 'DOC_UPDATE_MALFORMED',
    });
  });

  it('what the role forbids', async () => {
    await expect(w.hub.push(DOC, EVE, typing('x'))).rejects.toMatchObject({ code: 'FORBIDDEN', action: 'edit' });
    expect((await w.hub.sync(DOC, EVE)).seq).toBe(0);
    const mallory = { userId: 'mallory' };
    await expect(w.hub.sync(DOC, mallory)).rejects.toMatchObject({ code: 'FORBIDDEN', action: 'view' });
    await expect(w.hub.updates(DOC, mallory, { after: 0 })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(w.hub.snapshot(DOC, mallory)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('one push of a tick does not take the others with it', async () => {
    await using own = await world({ tickMs: 20 });
    const results = await Promise.allSettled([
      own.hub.push(DOC, ANN, typing('a')),
      own.hub.push(
        DOC,
        BOB,
        updateOf((d) => rootsOf(d).settings.set('noise', -1)),
      ),
      own.hub.push(
        DOC,
        ANN,
        updateOf((d) => setSettings(d, { cfg: 2 }, null)),
      ),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await own.hub.snapshot(DOC, ANN)).toMatchObject({ prompt: 'a', settings: { cfg: 2, noise: 0 } });
  });
});

describe('following', () => {
  it('Y2 begins with what was missed and goes on live', async () => {
    await w.hub.push(DOC, ANN, typing('a'));
    await w.hub.push(
      DOC,
      ANN,
      updateOf((d) => setSettings(d, { cfg: 2 }, null)),
    );
    const feed = await w.hub.updates(DOC, EVE, { after: 0 });
    const doc = openDoc();
    const first = await feed.next();
    Y.applyUpdate(doc, first.value!.bytes);
    expect(first.value!.seq).toBe(2);
    const waiting = feed.next();
    await w.hub.push(
      DOC,
      BOB,
      updateOf((d) => setSettings(d, { noise: 1 }, null)),
    );
    const second = await waiting;
    Y.applyUpdate(doc, second.value!.bytes);
    expect(second.value!.seq).toBe(3);
    expect(readSnapshot(doc)).toMatchObject({ prompt: 'a', settings: { cfg: 2, noise: 1 } });
    await feed.return?.();
  });

  it('Y3 fills the gaps of the channel from the store', async () => {
    await using bus = await openBus({ limits: { windowEvents: 2 } });
    await using own = await world({ tickMs: 0, compactEvery: 7 }, new MemoryDocumentStore(), bus);
    const feed = await own.hub.updates(DOC, ANN, { after: 0 });
    const writer = new DocumentPeer();
    await writer.connect(linkTo(own.hub, DOC));
    const reading = feed.next();
    for (let i = 1; i <= 20; i += 1) {
      setText(writer.doc, 'prompt', `text ${i}`, null);
      await until('saved', () => writer.saved);
    }
    const doc = openDoc();
    const seqs: number[] = [];
    for (let result = await reading; seqs.at(-1) !== 20; result = await feed.next()) {
      Y.applyUpdate(doc, result.value!.bytes);
      seqs.push(result.value!.seq);
      if (result.value!.seq === 20) break;
    }
    expect(readSnapshot(doc).prompt).toBe('text 20');
    expect(seqs.length).toBeLessThan(20);
    await feed.return?.();
    writer.destroy();
  });

  it('Y6 ends at once, also while it waits', async () => {
    const feed = await w.hub.updates(DOC, ANN, { after: 0 });
    const waiting = feed.next();
    await sleep(5);
    await feed.return?.();
    expect(await waiting).toMatchObject({ done: true });
    const abort = new AbortController();
    const other = await w.hub.updates(DOC, ANN, { after: 0, signal: abort.signal });
    const ending = other.next();
    abort.abort();
    expect(await ending).toMatchObject({ done: true });
    expect(w.bus.live.stats().subscribers).toBe(0);
  });

  it('ends with the error when the store fails, and leaves nothing behind', async () => {
    const store = new MemoryDocumentStore();
    store.load = () => Promise.reject(new Error('database away'));
    await using own = await world({ tickMs: 0 }, store);
    const feed = await own.hub.updates(DOC, ANN, { after: 0 });
    await expect(feed.next()).rejects.toThrow('database away');
    expect(await feed.next()).toMatchObject({ done: true });
    await expect(own.hub.sync(DOC, ANN)).rejects.toMatchObject({ code: 'DOC_STORE_FAILED' });
    expect(own.bus.live.stats().subscribers).toBe(0);
  });

  it('two processes on one store and channel see each other', async () => {
    await using other = await world({ tickMs: 0, compactEvery: 5 }, w.store, w.bus);
    await w.hub.sync(DOC, ANN);
    await other.hub.sync(DOC, ANN);
    const peers = [w.hub, other.hub].map(() => new DocumentPeer());
    await peers[0]!.connect(linkTo(w.hub, DOC, ANN));
    await peers[1]!.connect(linkTo(other.hub, DOC, BOB));
    for (let i = 0; i < 30; i += 1) {
      const doc = peers[i % 2]!.doc;
      rootsOf(doc).prompt.insert(0, `${i} `);
      if (i % 3 === 0) await sleep(1);
    }
    await until('both saved', () => peers.every(({ saved }) => saved));
    await until('both alike', () => readSnapshot(peers[0]!.doc).prompt === readSnapshot(peers[1]!.doc).prompt);
    const [here, there] = await Promise.all([w.hub.snapshot(DOC, ANN), other.hub.snapshot(DOC, ANN)]);
    expect(here).toEqual(there);
    expect(here.prompt.trim().split(' ').sort()).toEqual(Array.from({ length: 30 }, (_, i) => `${i}`).sort());
    for (const peer of peers) peer.destroy();
  });
});

describe('peers', () => {
  it('U7 a refused peer starts anew from the server and goes on', async () => {
    const resets: string[] = [];
    const peer = new DocumentPeer({ onReset: (error) => resets.push(error.message) });
    await peer.connect(linkTo(w.hub, DOC));
    setText(peer.doc, 'prompt', 'good', null);
    await until('saved', () => peer.saved);
    const old = peer.doc;
    rootsOf(peer.doc).settings.set('noise', -5);
    await until('the reset', () => resets.length === 1);
    expect(peer.doc).not.toBe(old);
    expect(readSnapshot(peer.doc)).toMatchObject({ prompt: 'good', settings: { noise: 0 } });
    setText(peer.doc, 'prompt', 'good again', null);
    await until('saved', () => peer.saved);
    expect((await w.hub.snapshot(DOC, ANN)).prompt).toBe('good again');
    peer.destroy();
  });

  it('Y4 one that only looks pushes nothing', async () => {
    await w.hub.push(DOC, ANN, typing('a'));
    const resets: string[] = [];
    const peer = new DocumentPeer({ onReset: (error) => resets.push(error.message) });
    await peer.connect(linkTo(w.hub, DOC, EVE));
    await until('the prompt', () => readSnapshot(peer.doc).prompt === 'a');
    expect(resets).toEqual([]);
    setText(peer.doc, 'prompt', 'mine', null);
    await until('the refusal', () => resets.length === 1);
    expect(readSnapshot(peer.doc).prompt).toBe('a');
    peer.destroy();
  });

  it('Y4 edits made offline arrive, and a dead line is told', async () => {
    const causes: unknown[] = [];
    const peer = new DocumentPeer({ onOffline: (cause) => causes.push(cause) });
    setText(peer.doc, 'prompt', 'on the train', null);
    expect(peer.saved).toBe(false);
    await peer.connect({ ...linkTo(w.hub, DOC), push: () => Promise.reject(new Error('tunnel')) });
    await until('offline', () => causes.length === 1);
    expect(peer.online).toBe(false);
    await peer.connect(linkTo(w.hub, DOC));
    await until('saved', () => peer.saved);
    expect((await w.hub.snapshot(DOC, ANN)).prompt).toBe('on the train');
    peer.destroy();
  });
});

it('documents that nobody uses leave memory, and closing stores what was pushed', async () => {
  const own = await world({ tickMs: 30, idleMs: 20 });
  const pushing = own.hub.push(DOC, ANN, typing('last words'));
  await sleep(5);
  await own.hub[Symbol.asyncDispose]();
  expect(await pushing).toBe(1);
  await expect(own.hub.push(DOC, ANN, typing('x'))).rejects.toMatchObject({ code: 'DOC_CLOSED' });
  await using again = await world({ tickMs: 0, idleMs: 20 }, own.store, own.bus);
  expect((await again.hub.snapshot(DOC, ANN)).prompt).toBe('last words');
  await until('the document to be let go', () => again.hub.size === 0);
  expect(own.bus.live.stats().subscribers).toBe(0);
  await own.bus[Symbol.asyncDispose]();
});
