// The way of a session's document to the server: sync over HTTP, pushes and updates over the socket.
import type { DocumentLink, PushAnswer } from '@tessera/collab';
import { useConnection } from '../../../gql/connection.ts';
import { follow, sendOverSocket } from '../../../gql/follow.ts';
import { graphql } from '../../../gql/graphql.ts';
import { TroubleError } from '../../../gql/problem.ts';
import { ask } from '../../../gql/query.ts';
import { fromBase64, toBase64 } from '../../../lib/bytes.ts';
import { feedOf } from '../../../lib/feed.ts';

const SYNC = graphql(`
  query SyncDocument($id: ID!, $stateVector: Bytes) {
    session(id: $id) { document { sync(stateVector: $stateVector) { seq update stateVector } } }
  }
`);

const PUSH = graphql(`
  mutation PushDocument($input: PushDocumentInput!) {
    pushDocument(input: $input) { outcome seq problem { code message } }
  }
`);

const UPDATES = graphql(`
  subscription DocumentUpdates($sessionId: ID!, $after: Int!) {
    sessionDoc(sessionId: $sessionId, after: $after) { seq update }
  }
`);

export function documentLink(sessionId: string): DocumentLink {
  return {
    async sync(stateVector) {
      const { session } = await ask(SYNC, { id: sessionId, stateVector: toBase64(stateVector) });
      if (!session) throw new TroubleError({ code: 'NOT_FOUND', message: 'This session is gone, or was never yours.' });
      const { seq, update, stateVector: theirs } = session.document.sync;
      return { seq, update: fromBase64(update), stateVector: fromBase64(theirs) };
    },
    async push(update) {
      const { pushDocument } = await sendOverSocket(PUSH, { input: { sessionId, update: toBase64(update) } });
      return answerOf(pushDocument);
    },
    async updates(after) {
      return updatesOf(sessionId, after);
    },
  };
}

interface PushPayload {
  readonly outcome: 'STORED' | 'BEHIND' | 'REFUSED' | null;
  readonly seq: number | null;
  readonly problem: { readonly code: string; readonly message: string } | null;
}

/** Roles and limits refuse for good; whatever else went wrong may be tried again. */
const FOR_GOOD = ['BAD_INPUT', 'FORBIDDEN', 'TOO_LARGE'];

function answerOf({ outcome, seq, problem }: PushPayload): PushAnswer {
  if (outcome === 'STORED') return { type: 'stored', seq: seq ?? 0 };
  if (outcome === 'BEHIND') return { type: 'behind' };
  const trouble = problem ?? { code: 'INTERNAL', message: 'The server did not take the change.' };
  if (outcome === 'REFUSED' || FOR_GOOD.includes(trouble.code)) {
    return { type: 'refused', error: new TroubleError(trouble) };
  }
  throw new TroubleError(trouble);
}

/** Ends with the socket: the peer then synchronises anew, so that what was done offline is sent. */
function updatesOf(sessionId: string, after: number) {
  const feed = feedOf<{ readonly seq: number; readonly bytes: Uint8Array }>(() => {
    stop();
    stopWatching();
  });
  const stop = follow(UPDATES, () => ({ sessionId, after }), {
    next: ({ sessionDoc: { seq, update } }) => feed.push({ seq, bytes: fromBase64(update) }),
    error: (cause) => feed.fail(cause),
    complete: () => feed.end(),
  });
  const stopWatching = useConnection.subscribe(({ connection }, before) => {
    if (before.connection.status === 'online' && connection.status !== 'online') feed.end();
  });
  return feed.items;
}
