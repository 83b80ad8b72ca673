// The root types of a session document: the only names under which it holds anything.
import * as Y from 'yjs';
import type { Stroke } from './stroke.ts';

export type Scalar = string | number | boolean | null;

export interface Roots {
  readonly prompt: Y.Text;
  readonly negativePrompt: Y.Text;
  readonly strokes: Y.Array<Stroke>;
  readonly settings: Y.Map<Scalar>;
  readonly objectives: Y.Array<Y.Map<Scalar>>;
  /** Locked token positions: `true` under each. */
  readonly locks: Y.Map<true>;
}

export const ROOT_NAMES = ['prompt', 'negativePrompt', 'strokes', 'settings', 'objectives', 'locks'] as const;

/** The roots of a document, made where they are not there. */
export function rootsOf(doc: Y.Doc): Roots {
  return {
    prompt: doc.getText('prompt'),
    negativePrompt: doc.getText('negativePrompt'),
    strokes: doc.getArray<Stroke>('strokes'),
    settings: doc.getMap<Scalar>('settings'),
    objectives: doc.getArray<Y.Map<Scalar>>('objectives'),
    locks: doc.getMap<true>('locks'),
  };
}

/** An empty document with its roots, from an update where one is given. */
export function openDoc(update?: Uint8Array): Y.Doc {
  const doc = new Y.Doc();
  rootsOf(doc);
  if (update) Y.applyUpdate(doc, update);
  return doc;
}
