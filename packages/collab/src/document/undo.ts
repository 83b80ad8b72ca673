// Undo for one person: what was changed under their origin, and nothing else. Runs are not in the document, so they stay.
import * as Y from 'yjs';
import { rootsOf } from './roots.ts';

/** ms within which changes are undone as one: typing a word, dragging a slider. */
const CAPTURE_MS = 500;

/** Destroy it with the editor. `origin` is the one handed to the functions of `edit.ts` on this peer. */
export function undoFor(doc: Y.Doc, origin: unknown, captureMs: number = CAPTURE_MS): Y.UndoManager {
  return new Y.UndoManager(Object.values(rootsOf(doc)), {
    trackedOrigins: new Set([origin]),
    captureTimeout: captureMs,
    // Somebody else's newer value of a setting is not taken back with mine.
    ignoreRemoteMapChanges: false,
  });
}
