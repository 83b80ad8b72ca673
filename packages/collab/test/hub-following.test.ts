// How changes spread from the hub: to feeds, to other processes, to peers.
import { openBus } from '@tessera/bus';
import { sleep, until } from '@tessera/protocol/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  DocumentPeer,
  MemoryDocumentStore,
  openDoc,
  readSnapshot,
  rootsOf,
  setSettings,
  setText,
} from '../src/index.ts';
import { ANN, BOB, EVE, linkTo, typing, updateOf, type World, world } from './support.ts';

const DOC = 'session-1';
let w: World;
beforeEach(async () => {
  w = await world();
});
afterEach(() => w[Symbol.asyncDispose]());

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
