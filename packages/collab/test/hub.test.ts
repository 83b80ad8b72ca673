// The hub: what it takes, what it stores, and when it lets go.
import { sleep, until } from '@tessera/protocol/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  addStroke,
  DocumentPeer,
  type DocumentStore,
  MemoryDocumentStore,
  openDoc,
  setSettings,
  setText,
} from '../src/index.ts';
import { ANN, BOB, linkTo, stroke, typing, updateOf, type World, world } from './support.ts';

const DOC = 'session-1';
let w: World;
beforeEach(async () => {
  w = await world();
});
afterEach(() => w[Symbol.asyncDispose]());

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
