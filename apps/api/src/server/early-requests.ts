// Requests that come between listening and being ready: a browser that was open before the server started asks again and again.
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

export interface HeldRequests {
  /** Answers those that wait, and all later ones, with `handle`. */
  release(handle: RequestListener): void;
}

/** Node forgets a request that nobody listens for, and who sent it would wait for ever. */
export function holdRequests(server: Server): HeldRequests {
  const held: [IncomingMessage, ServerResponse][] = [];
  const hold: RequestListener = (...request) => void held.push(request);
  server.on('request', hold);
  return {
    release(handle) {
      server.off('request', hold);
      server.on('request', handle);
      for (const request of held.splice(0)) handle(...request);
    },
  };
}
