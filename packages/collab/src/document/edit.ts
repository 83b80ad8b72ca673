// Changes of a session document, each one transaction with the editor's origin, so that undo knows whose they are.
import * as Y from 'yjs';
import type { SessionObjective } from './objective.ts';
import { rootsOf, type Scalar } from './roots.ts';
import type { Settings } from './settings.ts';
import type { Stroke } from './stroke.ts';

/** Replaces the part of a text that differs, so that others' cursors and edits around it stay. */
export function setText(doc: Y.Doc, name: 'prompt' | 'negativePrompt', value: string, origin: unknown): void {
  const text = rootsOf(doc)[name];
  const old = text.toString();
  const most = Math.min(old.length, value.length);
  let start = 0;
  while (start < most && old[start] === value[start]) start += 1;
  let end = 0;
  while (end < most - start && old[old.length - 1 - end] === value[value.length - 1 - end]) end += 1;
  doc.transact(() => {
    if (old.length - start - end > 0) text.delete(start, old.length - start - end);
    if (value.length - start - end > 0) text.insert(start, value.slice(start, value.length - end));
  }, origin);
}

/** One or several settings at once; a preset is such a set. */
export function setSettings(doc: Y.Doc, values: Partial<Settings>, origin: unknown): void {
  const { settings } = rootsOf(doc);
  doc.transact(() => {
    for (const [key, value] of Object.entries(values)) if (settings.get(key) !== value) settings.set(key, value);
  }, origin);
}

/** Locks or unlocks token positions. */
export function setLocks(doc: Y.Doc, positions: Iterable<number>, locked: boolean, origin: unknown): void {
  const { locks } = rootsOf(doc);
  doc.transact(() => {
    for (const key of Array.from(positions, String)) {
      if (locked && !locks.has(key)) locks.set(key, true);
      if (!locked) locks.delete(key);
    }
  }, origin);
}

export function addStroke(doc: Y.Doc, stroke: Stroke, origin: unknown): void {
  doc.transact(() => rootsOf(doc).strokes.push([stroke]), origin);
}

/** False where no such stroke is there (any more). */
export function removeStroke(doc: Y.Doc, id: string, origin: unknown): boolean {
  const { strokes } = rootsOf(doc);
  const index = strokes.toArray().findIndex((stroke) => stroke.id === id);
  if (index >= 0) doc.transact(() => strokes.delete(index), origin);
  return index >= 0;
}

export function clearStrokes(doc: Y.Doc, origin: unknown): void {
  const { strokes } = rootsOf(doc);
  doc.transact(() => strokes.delete(0, strokes.length), origin);
}

export function addObjective(doc: Y.Doc, objective: SessionObjective, origin: unknown): void {
  doc.transact(() => {
    rootsOf(doc).objectives.push([new Y.Map<Scalar>(Object.entries(objective))]);
  }, origin);
}

/** Changes some fields of an objective. False where it is not there (any more). */
export function changeObjective(
  doc: Y.Doc,
  id: string,
  change: { readonly weight?: number; readonly model?: string | null },
  origin: unknown,
): boolean {
  const objective = rootsOf(doc)
    .objectives.toArray()
    .find((candidate) => candidate.get('id') === id);
  if (!objective) return false;
  doc.transact(() => {
    for (const [key, value] of Object.entries(change)) objective.set(key, value);
  }, origin);
  return true;
}

export function removeObjective(doc: Y.Doc, id: string, origin: unknown): boolean {
  const { objectives } = rootsOf(doc);
  const index = objectives.toArray().findIndex((objective) => objective.get('id') === id);
  if (index >= 0) doc.transact(() => objectives.delete(index), origin);
  return index >= 0;
}
