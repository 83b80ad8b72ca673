// What the hub refuses, with nothing applied.
import { randomOf } from '@tessera/protocol/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  addObjective,
  addStroke,
  COLLAB_LIMITS,
  openDoc,
  readSnapshot,
  rootsOf,
  setSettings,
  setText,
} from '../src/index.ts';
import { ANN, BOB, EVE, stroke, typing, updateOf, type World, world } from './support.ts';

const DOC = 'session-1';
let w: World;
beforeEach(async () => {
  w = await world();
});
afterEach(() => w[Symbol.asyncDispose]());

const state = async () => (await w.hub.sync(DOC, ANN)).update;

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
    const next = randomOf(11);
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
