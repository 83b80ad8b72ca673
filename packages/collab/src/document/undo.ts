// Undo for one person: what was changed under their origin, and nothing else. Runs are not in the document, so they stay.
import * as Y from 'yjs';
import { rootsOf } from './roots.ts';

/** ms within which changes are undone as one: typing a word, dragging a slider. */
const CAPTURE_MS = 500;

/** Destroy it with the editor. `origin` is the one handed to the functions of `edit.ts` on this peer. */
export function undoFor(doc: Y.Doc, origin: unknown, captureMs: number = CAPTURE_MS): Y.UndoManager {
  const manager = new Y.UndoManager(Object.values(rootsOf(doc)), {
    trackedOrigins: new Set([origin]),
    captureTimeout: captureMs,
    // Somebody else's newer value of a setting is not taken back with mine.
    ignoreRemoteMapChanges: false,
  });
  keepValues(doc, manager);
  return manager;
}

type Values = Map<Y.Map<unknown>, Map<string, unknown>>;

/** Origin that no undo manager tracks. */
const REPAIR = Symbol('repair');

/**
 * Where a setting was changed by two at once, taking back the winner leaves none: Yjs does not restore the value before,
 * because the loser lies between, and the loser stays deleted. Then the value before the change is set again.
 */
function keepValues(doc: Y.Doc, manager: Y.UndoManager): void {
  const before = new WeakMap<object, Values>();
  const remember = (stackItem: object, events: Iterable<Y.YEvent<Y.AbstractType<unknown>>>) => {
    const values: Values = before.get(stackItem) ?? new Map();
    before.set(stackItem, values);
    for (const { target, changes } of events) {
      if (!(target instanceof Y.Map)) continue;
      const known = values.get(target) ?? new Map<string, unknown>();
      values.set(target, known);
      for (const [key, { oldValue }] of changes.keys) if (!known.has(key)) known.set(key, oldValue);
    }
  };
  manager.on('stack-item-added', (event) => remember(event.stackItem, [...event.changedParentTypes.values()].flat()));
  manager.on('stack-item-updated', (event) => remember(event.stackItem, [...event.changedParentTypes.values()].flat()));
  manager.on('stack-item-popped', ({ stackItem }) => {
    doc.transact(() => {
      for (const [map, values] of before.get(stackItem) ?? []) {
        if (map._item?.deleted) continue;
        for (const [key, value] of values) if (value !== undefined && !map.has(key)) map.set(key, value);
      }
    }, REPAIR);
  });
}
