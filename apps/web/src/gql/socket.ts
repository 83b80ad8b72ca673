// The one WebSocket of the page: graphql-ws, connecting again for ever unless the server says that it is of no use.
import { type CloseCode, closeCode } from '@tessera/protocol';
import { type Client, createClient } from 'graphql-ws/client';
import { connectionPayload } from '../access/token.ts';
import { setConnection } from './connection.ts';
import { socketEndpoint } from './endpoints.ts';

/** ms between pings; a laptop that wakes up notices a dead socket within this and `PONG_MS`. */
const PING_MS = 10_000;
const PONG_MS = 5_000;
/** Longest wait between two attempts. */
const MAX_WAIT_MS = 5_000;

let client: Client | undefined;
/** Of the closing that came last; graphql-ws asks for it when it decides about another attempt. */
let lastClose: CloseCode | undefined;
let wake: (() => void) | undefined;

export function socket(): Client {
  client ??= open();
  return client;
}

/** Closes the socket for good, for example because another token is used from now on. */
export async function resetSocket(): Promise<void> {
  const old = client;
  client = undefined;
  await old?.dispose();
}

function open(): Client {
  let pongTimer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  // A socket without network stays open for minutes; ending it lets everything else know at once.
  const cutOff = () => client?.terminate();
  window.addEventListener('offline', cutOff);
  window.addEventListener('online', () => wake?.());
  return createClient({
    url: socketEndpoint,
    lazy: true,
    lazyCloseTimeout: 30_000,
    keepAlive: PING_MS,
    connectionParams: connectionPayload,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => lastClose?.retry !== false,
    retryWait: async (retries) => {
      attempt = retries + 1;
      setConnection({ status: 'offline', attempt });
      const wait = Math.min(MAX_WAIT_MS, 250 * 2 ** retries) * (0.75 + Math.random() / 2);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, wait);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
    on: {
      connecting: (isRetry) => {
        if (!isRetry) setConnection({ status: 'connecting' });
      },
      connected: () => {
        attempt = 0;
        lastClose = undefined;
        setConnection({ status: 'online' });
      },
      ping: (received) => {
        if (!received) pongTimer = setTimeout(cutOff, PONG_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(pongTimer);
      },
      closed: (event) => {
        clearTimeout(pongTimer);
        const { code } = event as CloseEvent;
        lastClose = closeCode(code);
        if (code === 1000) setConnection({ status: 'idle' });
        else if (lastClose && !lastClose.retry) setConnection({ status: 'refused', reason: lastClose.meaning });
        else setConnection({ status: 'offline', attempt });
      },
    },
  });
}
