// Small things the tests share: a hub on a real live channel, random numbers, strokes.
import { type Bus, openBus } from '@tessera/bus';
import * as Y from 'yjs';
import {
  type CollabLimits,
  DocumentHub,
  type DocumentLink,
  type DocumentStore,
  ForbiddenError,
  MemoryDocumentStore,
  openDoc,
  type PushAnswer,
  type Stroke,
  setText,
  UpdatesMissingError,
} from '../src/index.ts';

export const ANN = { userId: 'ann' };
export const BOB = { userId: 'bob' };
export const EVE = { userId: 'eve' };

export const stroke = (id: string, own: Partial<Stroke> = {}): Stroke => ({
  id,
  author: 'ann',
  mode: 'add',
  size: 0.25,
  softness: 0,
  points: [0.25, 0.5, 0.75, 0.5],
  ...own,
});

export interface World extends AsyncDisposable {
  readonly bus: Bus;
  readonly store: DocumentStore;
  readonly hub: DocumentHub;
}

/** Eve may only look, Mallory not even that. */
export async function world(
  limits: Partial<CollabLimits> = { tickMs: 0 },
  store: DocumentStore = new MemoryDocumentStore(),
  bus?: Bus,
): Promise<World> {
  const own = bus ?? (await openBus());
  const authorise = ({ userId }: { userId: string }, _: string, action: string) =>
    userId !== 'mallory' && (userId !== 'eve' || action === 'view');
  const hub = new DocumentHub({ store, live: own.live, authorise, limits });
  return {
    bus: own,
    store,
    hub,
    async [Symbol.asyncDispose]() {
      await hub[Symbol.asyncDispose]();
      if (!bus) await own[Symbol.asyncDispose]();
    },
  };
}

/** What the page does with GraphQL, straight on a hub. */
export function linkTo(hub: DocumentHub, documentId: string, actor = ANN): DocumentLink {
  return {
    sync: (stateVector) => hub.sync(documentId, actor, stateVector),
    updates: (after) => hub.updates(documentId, actor, { after }),
    async push(update): Promise<PushAnswer> {
      try {
        return { type: 'stored', seq: await hub.push(documentId, actor, update) };
      } catch (error) {
        if (error instanceof UpdatesMissingError) return { type: 'behind' };
        if (
          error instanceof ForbiddenError ||
          (error instanceof Error && /^DOC_(SHAPE|LIMIT|UPDATE_M)/.test(codeOf(error)))
        ) {
          return { type: 'refused', error };
        }
        throw error;
      }
    },
  };
}

const codeOf = (error: Error) => ('code' in error && typeof error.code === 'string' ? error.code : '');

/** The update of one change to a document that has what `on` has. */
export function updateOf(change: (doc: Y.Doc) => void, on?: Uint8Array): Uint8Array {
  const doc = openDoc(on);
  const before = Y.encodeStateVector(doc);
  change(doc);
  return Y.encodeStateAsUpdate(doc, before);
}

export const typing = (text: string) => updateOf((doc) => setText(doc, 'prompt', text, null));
