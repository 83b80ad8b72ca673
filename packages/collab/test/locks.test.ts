// Locked token positions in the shared document: who locks at once, what is undone, what is refused, what a run gets.
import { parsePlan } from '@tessera/engine';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  COLLAB_LIMITS,
  collabLimitsWith,
  DocumentCheck,
  openDoc,
  planInput,
  readSnapshot,
  setLocks,
  setSettings,
  setText,
  undoFor,
} from '../src/index.ts';

const check = new DocumentCheck(collabLimitsWith());
const locked = (doc: Y.Doc) => readSnapshot(doc).lockedPositions;

function exchange(a: Y.Doc, b: Y.Doc): void {
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a), 'wire');
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b), 'wire');
}

it('S8 two who lock at once both have their locks, in ascending order', () => {
  const [a, b] = [openDoc(), openDoc()];
  setLocks(a, [10, 2], true, 'ann');
  setLocks(b, [2, 31], true, 'bob');
  exchange(a, b);
  expect(locked(a)).toEqual([2, 10, 31]);
  expect(locked(b)).toEqual([2, 10, 31]);
  setLocks(a, [10, 11], false, 'ann');
  exchange(a, b);
  expect(locked(b)).toEqual([2, 31]);
  for (const doc of [a, b]) check.run(doc);
});

it('Z1 each takes back their own', () => {
  const [a, b] = [openDoc(), openDoc()];
  const undo = undoFor(a, 'ann', 0);
  setLocks(a, [1, 2], true, 'ann');
  exchange(a, b);
  setLocks(b, [3], true, 'bob');
  exchange(a, b);
  setLocks(a, [2], false, 'ann');
  undo.undo();
  expect(locked(a)).toEqual([1, 2, 3]);
  undo.undo();
  exchange(a, b);
  expect(locked(b)).toEqual([3]);
  undo.redo();
  expect(locked(a)).toEqual([1, 2, 3]);
  undo.destroy();
});

it.each([
  ['01', true],
  ['-1', true],
  ['1.5', true],
  ['constructor', true],
  ['3', false],
  ['3', 1],
  ['3', { deep: true }],
])('S8 %j: %j is refused', (key, value) => {
  const doc = openDoc();
  doc.getMap<unknown>('locks').set(key, value);
  expect(() => check.run(doc)).toThrow(expect.objectContaining({ code: 'DOC_SHAPE' }));
});

it('S1 items among the locks, and more locks than any tokenizer has tokens, are refused', () => {
  const foreign = new Y.Doc();
  foreign.getArray('locks').push([1]);
  const doc = openDoc(Y.encodeStateAsUpdate(foreign));
  expect(() => check.run(doc)).toThrow(expect.objectContaining({ code: 'DOC_SHAPE' }));
  const many = openDoc();
  setLocks(many, Array(COLLAB_LIMITS.locks.value + 1).keys(), true, null);
  expect(() => check.run(many)).toThrow(expect.objectContaining({ code: 'DOC_LIMIT' }));
});

it('a run plan has them as the engine takes them', () => {
  const doc = openDoc();
  setText(doc, 'prompt', 'x', 'ann');
  setSettings(doc, { startFrom: 'noise' }, 'ann');
  const models = { clip: 'pocket-clip', siglip: 'pocket-siglip' };
  const plan = () => parsePlan(planInput(readSnapshot(doc), { tokenizer: 'pocket', models, objectives: DEFAULT }));
  expect(plan().lockedPositions).toEqual([]);
  setLocks(doc, [12, 3, 4], true, 'ann');
  expect(plan().lockedPositions).toEqual([3, 4, 12]);
});

const DEFAULT = [{ id: 'default', kind: 'clip', model: null, weight: 1 }] as const;
