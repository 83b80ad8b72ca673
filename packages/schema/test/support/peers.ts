// Editors of a document that speak to the server through GraphQL operations only, as the page does.
import { type DocumentLink, DocumentPeer } from '@tessera/collab';
import type { Viewer } from '../../src/index.ts';
import type { Studio } from './studio.ts';

const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
const base64 = (data: Uint8Array) => Buffer.from(data).toString('base64');

const SYNC = `query ($id: ID!, $have: Bytes) {
  session(id: $id) { document { sync(stateVector: $have) { seq update stateVector } } }
}`;
const FOLLOW = 'subscription ($id: ID!, $after: Int!) { sessionDoc(sessionId: $id, after: $after) { seq update } }';

function linkOf(studio: Studio, viewer: Viewer, id: string): DocumentLink {
  return {
    async sync(stateVector) {
      const { session } = await studio.data(viewer, SYNC, { id, have: base64(stateVector) });
      const { seq, update, stateVector: theirs } = session.document.sync;
      return { seq, update: bytes(update), stateVector: bytes(theirs) };
    },
    async push(update) {
      const input = { sessionId: id, update: base64(update) };
      const { outcome, seq, problem } = await studio.change(viewer, 'pushDocument', input, 'outcome seq');
      if (outcome === 'STORED') return { type: 'stored', seq };
      if (outcome === 'BEHIND') return { type: 'behind' };
      if (outcome === 'REFUSED') return { type: 'refused', error: new Error(problem.message) };
      throw new Error(problem.message);
    },
    async updates(after) {
      const feed = await studio.subscribe(viewer, FOLLOW, { id, after });
      const updates: Awaited<ReturnType<DocumentLink['updates']>> = {
        async next() {
          const { done, value } = await feed.next();
          if (done) return { done: true, value: undefined };
          const { seq, update } = value.data.sessionDoc;
          return { done: false, value: { seq, bytes: bytes(update) } };
        },
        async return() {
          await feed.return();
          return { done: true, value: undefined };
        },
        [Symbol.asyncIterator]: () => updates,
      };
      return updates;
    },
  };
}

export async function connectPeer(studio: Studio, viewer: Viewer, sessionId: string) {
  const peer = new DocumentPeer();
  const connect = () => peer.connect(linkOf(studio, viewer, sessionId));
  await connect();
  return { peer, connect };
}

/** Until everything was pushed and all peers show the same prompts. */
export async function settled(...peers: readonly DocumentPeer[]): Promise<void> {
  const shown = ({ doc }: DocumentPeer) =>
    JSON.stringify([doc.getText('prompt').toString(), doc.getText('negativePrompt').toString()]);
  for (let tries = 0; tries < 6_000; tries += 1) {
    const [first] = peers;
    if (peers.every((peer) => peer.saved && shown(peer) === shown(first!))) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`peers did not settle: ${peers.map(shown).join(' | ')}`);
}
