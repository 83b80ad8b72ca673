// The document: what it holds, what is refused, what a run gets from it, whose undo is whose.
import { parsePlan } from '@tessera/engine';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  addObjective,
  addStroke,
  changeObjective,
  clearStrokes,
  initialUpdate,
  openDoc,
  PlanInputError,
  planInput,
  readSnapshot,
  removeObjective,
  removeStroke,
  rootsOf,
  setSettings,
  setText,
  undoFor,
} from '../src/index.ts';
import { stroke } from './support.ts';

const DEFAULTS = {
  tokenizer: 'pocket',
  models: { clip: 'pocket-clip', siglip: 'pocket-siglip' },
  objectives: [{ id: 'default', kind: 'clip', model: null, weight: 1 }],
} as const;

/** Two people, and the wire between them. */
function pair() {
  const a = openDoc();
  const b = openDoc();
  const exchange = () => {
    const [toB, toA] = [
      Y.encodeStateAsUpdate(a, Y.encodeStateVector(b)),
      Y.encodeStateAsUpdate(b, Y.encodeStateVector(a)),
    ];
    Y.applyUpdate(b, toB, 'wire');
    Y.applyUpdate(a, toA, 'wire');
  };
  return { a, b, exchange };
}

describe('reading', () => {
  it('S5 an empty document has all defaults', () => {
    const snapshot = readSnapshot(openDoc());
    expect(snapshot).toMatchObject({ prompt: '', negativePrompt: '', objectives: [], strokes: [] });
    expect(snapshot.settings).toMatchObject({ iterations: 300, learningRate: 0.1, seedId: null, maskInvert: false });
  });

  it('gives back what was written', () => {
    const doc = openDoc();
    setText(doc, 'prompt', 'a red house', 'ann');
    setSettings(doc, { learningRate: 0.3, seedId: 'seed-1' }, 'ann');
    addStroke(doc, stroke('s1'), 'ann');
    addStroke(doc, stroke('s2', { mode: 'erase' }), 'bob');
    addObjective(doc, { id: 'o1', kind: 'clip', model: 'm', weight: 1 }, 'ann');
    expect(changeObjective(doc, 'o1', { weight: 2 }, 'ann')).toBe(true);
    expect(removeStroke(doc, 's1', 'bob')).toBe(true);
    expect(readSnapshot(doc)).toMatchObject({
      prompt: 'a red house',
      settings: { learningRate: 0.3, seedId: 'seed-1' },
      objectives: [{ id: 'o1', kind: 'clip', model: 'm', weight: 2 }],
      strokes: [stroke('s2', { mode: 'erase' })],
    });
    clearStrokes(doc, 'ann');
    expect(removeObjective(doc, 'o1', 'ann')).toBe(true);
    expect([removeStroke(doc, 's1', 'a'), removeObjective(doc, 'x', 'a'), changeObjective(doc, 'x', {}, 'a')]).toEqual([
      false,
      false,
      false,
    ]);
    expect(readSnapshot(doc)).toMatchObject({ strokes: [], objectives: [] });
  });

  it('a text that is replaced keeps the edits of others around the part that differs', () => {
    const { a, b, exchange } = pair();
    setText(a, 'prompt', 'a red house by the sea', 'ann');
    exchange();
    setText(a, 'prompt', 'a blue house by the sea', 'ann');
    setText(b, 'prompt', 'a red house by the sea at night', 'bob');
    exchange();
    expect(readSnapshot(a).prompt).toBe('a blue house by the sea at night');
    expect(readSnapshot(b).prompt).toBe('a blue house by the sea at night');
  });

  it('the first content is made once', () => {
    const update = initialUpdate({ prompt: 'x', settings: { iterations: 5 }, objectives: DEFAULTS.objectives });
    const doc = openDoc(update);
    Y.applyUpdate(doc, update);
    expect(readSnapshot(doc)).toMatchObject({
      prompt: 'x',
      settings: { iterations: 5 },
      objectives: DEFAULTS.objectives,
    });
  });
});

describe('a run plan', () => {
  it('made from a session is taken by the engine as it is', () => {
    const doc = openDoc();
    setText(doc, 'prompt', 'a red house', 'ann');
    setText(doc, 'negativePrompt', 'blurred', 'ann');
    setSettings(
      doc,
      { seedId: 's', cfg: 2, cropCount: 8, cropFraction: 0.875, cropFlip: 0.5, ema: 0.9, regularisationWeight: 0.02 },
      'ann',
    );
    addObjective(doc, { id: 'a', kind: 'clip', model: null, weight: 1 }, 'ann');
    addObjective(doc, { id: 'b', kind: 'siglip', model: 'other', weight: 0.5 }, 'ann');
    addObjective(doc, { id: 'c', kind: 'l2', weight: 0.1 }, 'ann');
    const input = planInput(readSnapshot(doc), DEFAULTS);
    const plan = parsePlan(input);
    expect(plan).toMatchObject(input);
    expect(plan.objectives).toEqual([
      {
        kind: 'clip',
        model: 'pocket-clip',
        prompt: 'a red house',
        negativePrompt: 'blurred',
        cfg: 2,
        weight: 1,
        crops: { count: 8, fraction: 0.875, flip: 0.5 },
      },
      {
        kind: 'siglip',
        model: 'other',
        prompt: 'a red house',
        weight: 0.5,
        crops: { count: 8, fraction: 0.875, flip: 0.5 },
      },
      { kind: 'l2', weight: 0.1 },
    ]);
  });

  it('reads the meter every ten steps, as often as is said, or never, and only for a prompt', () => {
    const doc = openDoc();
    setText(doc, 'prompt', 'x', 'ann');
    setSettings(doc, { startFrom: 'noise' }, 'ann');
    const meter = () => parsePlan(planInput(readSnapshot(doc), DEFAULTS)).meter;
    expect(meter()).toMatchObject({ model: DEFAULTS.models.siglip, prompt: null, every: 10, stopAfter: 0 });
    setSettings(doc, { meterEvery: 3 }, 'ann');
    expect(meter()).toMatchObject({ every: 3 });
    setSettings(doc, { meterEvery: 0 }, 'ann');
    expect(meter()).toBeNull();
    setSettings(doc, { meterEvery: 10, seedId: 's', startFrom: 'seed' }, 'ann');
    addObjective(doc, { id: 'a', kind: 'l2', weight: 1 }, 'ann');
    expect(meter()).toBeNull();
  });

  it('from noise needs no picture, and takes the default objectives', () => {
    const doc = openDoc();
    setText(doc, 'prompt', 'x', 'ann');
    setSettings(doc, { startFrom: 'noise', sigma: 0.5 }, 'ann');
    const plan = parsePlan(planInput(readSnapshot(doc), DEFAULTS));
    expect(plan).toMatchObject({
      start: { kind: 'noise', sigma: 0.5 },
      tokenizer: 'pocket',
      objectives: [{ model: 'pocket-clip' }],
    });
  });

  it.each([
    ['no prompt', 'prompt', '  ', { startFrom: 'noise' }],
    ['a long prompt', 'prompt', 'x'.repeat(2_001), { startFrom: 'noise' }],
    ['control characters', 'prompt', 'a\u0000b', { startFrom: 'noise' }],
    ['no picture', 'settings.seedId', 'a', {}],
  ] as const)('is refused with %s', (_, path, prompt, settings) => {
    const doc = openDoc();
    setText(doc, 'prompt', prompt, 'ann');
    setSettings(doc, settings, 'ann');
    const make = () => planInput(readSnapshot(doc), DEFAULTS);
    expect(make).toThrow(PlanInputError);
    expect(make).toThrow(path);
  });
});

describe('undo', () => {
  it('Z1 takes back mine and leaves theirs, in one text', () => {
    const { a, b, exchange } = pair();
    const undo = undoFor(a, 'ann', 0);
    setText(a, 'prompt', 'house', 'ann');
    exchange();
    setText(b, 'prompt', 'a house', 'bob');
    setText(b, 'prompt', 'a house by the sea', 'bob');
    exchange();
    setText(a, 'prompt', 'a red house by the sea', 'ann');
    exchange();
    undo.undo();
    exchange();
    expect(readSnapshot(b).prompt).toBe('a house by the sea');
    undo.undo();
    exchange();
    expect(readSnapshot(b).prompt).toBe('a  by the sea');
    undo.redo();
    undo.redo();
    exchange();
    expect(readSnapshot(b).prompt).toBe('a red house by the sea');
    undo.destroy();
  });

  it('Z1 brings back a stroke that I removed, not one that others removed', () => {
    const { a, b, exchange } = pair();
    const undo = undoFor(a, 'ann', 0);
    addStroke(a, stroke('mine'), 'ann');
    addStroke(b, stroke('theirs', { author: 'bob' }), 'bob');
    exchange();
    removeStroke(a, 'theirs', 'ann');
    exchange();
    undo.undo();
    exchange();
    expect(
      readSnapshot(b)
        .strokes.map(({ id }) => id)
        .sort(),
    ).toEqual(['mine', 'theirs']);
    removeStroke(b, 'mine', 'bob');
    exchange();
    undo.undo();
    exchange();
    expect(readSnapshot(a).strokes.map(({ id }) => id)).toEqual(['theirs']);
    undo.destroy();
  });

  it('Z2 leaves a setting alone that somebody else has set since', () => {
    const { a, b, exchange } = pair();
    const undo = undoFor(a, 'ann', 0);
    setSettings(a, { learningRate: 0.2 }, 'ann');
    exchange();
    setSettings(b, { learningRate: 0.3 }, 'bob');
    exchange();
    undo.undo();
    exchange();
    expect(readSnapshot(a).settings.learningRate).toBe(0.3);
    undo.destroy();
  });

  it('Z2 never leaves a value away that was there before (found by convergence seed 4)', () => {
    for (let i = 0; i < 20; i += 1) {
      const { a, b, exchange } = pair();
      setSettings(a, { learningRate: 0.5 }, null);
      addObjective(a, { id: 'o', kind: 'clip', model: 'm', weight: 3 }, null);
      exchange();
      const undo = undoFor(a, 'ann', 0);
      // Which of two concurrent writers wins depends on their client ids, which are random.
      changeObjective(a, 'o', { weight: 4 }, 'ann');
      setSettings(a, { learningRate: 0.6 }, 'ann');
      changeObjective(b, 'o', { weight: 5 }, 'bob');
      setSettings(b, { learningRate: 0.7 }, 'bob');
      exchange();
      undo.undo();
      undo.undo();
      exchange();
      const { settings, objectives } = readSnapshot(b);
      expect([0.5, 0.7]).toContain(settings.learningRate);
      expect([3, 5]).toContain(objectives[0]!.weight);
      expect(readSnapshot(a)).toEqual(readSnapshot(b));
      undo.destroy();
    }
  });

  it('undoes typing of half a second at once', () => {
    const doc = openDoc();
    const undo = undoFor(doc, 'ann');
    for (const char of 'house') rootsOf(doc).prompt.insert(rootsOf(doc).prompt.length, char);
    expect(undo.undoStack).toHaveLength(0);
    for (const char of 'house') doc.transact(() => rootsOf(doc).prompt.insert(0, char), 'ann');
    undo.undo();
    expect(readSnapshot(doc).prompt).toBe('house');
    undo.destroy();
  });
});
