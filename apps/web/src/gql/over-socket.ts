// One operation over the socket, by the id of its document where the server knows it.
import type { FormattedExecutionResult } from 'graphql-ws';
import type { Sink } from 'graphql-ws/client';
import { idOf, isUnknown, named, sendText } from './by-id.ts';
import { socket } from './socket.ts';

/** `variables` is asked anew before every (re)connection. Returns how to stop. */
export function overSocket<Data>(
  text: string,
  variables: () => Record<string, unknown>,
  sink: Sink<FormattedExecutionResult<Data, unknown>>,
): () => void {
  let stopped = false;
  let stop = () => {};
  const begin = (id: string | undefined) => {
    if (stopped) return;
    const payload = {
      // The protocol wants a text, be it empty.
      query: id === undefined ? text : '',
      ...(id !== undefined && { extensions: named(id) }),
      // graphql-ws writes the payload again for every connection.
      get variables() {
        return variables();
      },
    };
    const error = (cause: unknown) => {
      if (id === undefined || !isUnknown(cause)) return sink.error(cause);
      sendText(text);
      begin(undefined);
    };
    stop = socket().subscribe<Data>(payload, {
      next: (value) => sink.next(value),
      error,
      complete: () => sink.complete(),
    });
  };
  const id = idOf(text);
  if (id instanceof Promise) id.then(begin, sink.error);
  else begin(id);
  return () => {
    stopped = true;
    stop();
  };
}
