// Where a request comes from, for limits per address.
import type { IncomingMessage } from 'node:http';

/** @param trustProxy whether the last `X-Forwarded-For` was written by a proxy of ours */
export function addressOf(request: IncomingMessage, trustProxy: boolean): string {
  const own = request.socket.remoteAddress ?? 'unknown';
  if (!trustProxy) return own;
  const forwarded = request.headers['x-forwarded-for'];
  const last = (Array.isArray(forwarded) ? forwarded.at(-1) : forwarded)?.split(',').at(-1)?.trim();
  return last || own;
}
