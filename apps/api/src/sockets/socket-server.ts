// GraphQL over WebSocket at /graphql: who may open a socket, what may run on it, and when it is closed.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { addressOf } from '../access/address.ts';
import { Counters } from './counters.ts';
import type { SocketServerOptions } from './options.ts';
import { makeProtocol } from './protocol.ts';
import { Session } from './session.ts';
import { SocketLink } from './socket-link.ts';

export interface SocketServer extends AsyncDisposable {
  /** Takes an upgrade to /graphql; answers it itself where it is refused. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  readonly sockets: number;
  readonly subscriptions: number;
}

export function openSocketServer(options: SocketServerOptions): SocketServer {
  const { limits, origins, trustProxy, log } = options;
  const perAddress = new Counters();
  const perUser = new Counters();
  const sessions = new Set<Session>();
  const protocol = makeProtocol(options);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.messageBytes,
    perMessageDeflate: false,
    handleProtocols: (protocols) => handleProtocols(protocols),
  });

  const accept = (ws: WebSocket, request: IncomingMessage, address: string) => {
    const link = new SocketLink(ws, request, {
      limits,
      heartbeatMs: options.heartbeatMs ?? 60_000,
      onFrame: () => options.metrics.frames.inc(),
      onError: (error) => log.error({ err: error }, 'a socket failed'),
    });
    const session = new Session({ ...options, link, address, perUser });
    sessions.add(session);
    const closed = protocol.opened(link, session);
    ws.once('close', (code, reason) => {
      sessions.delete(session);
      perAddress.release(address);
      session.release();
      closed(code, String(reason)).catch((error: unknown) => log.error({ err: error }, 'a socket failed to close'));
    });
  };

  return {
    get sockets() {
      return sessions.size;
    },
    get subscriptions() {
      let count = 0;
      for (const session of sessions) count += session.operations;
      return count;
    },
    upgrade(request, socket, head) {
      socket.on('error', () => undefined);
      const { origin, host } = request.headers;
      if (!origins.allowsOrigin(origin) || !origins.allowsHost(host)) return refuse(socket, 403, 'Forbidden');
      const address = addressOf(request, trustProxy);
      if (!perAddress.take(address, limits.socketsPerAddress)) return refuse(socket, 429, 'Too Many Requests');
      let accepted = false;
      // A handshake that ws itself refuses ends the socket without a connection.
      socket.once('close', () => {
        if (!accepted) perAddress.release(address);
      });
      sockets.handleUpgrade(request, socket, head, (ws) => {
        accepted = true;
        accept(ws, request, address);
      });
    },
    async [Symbol.asyncDispose]() {
      const { size } = sessions;
      for (const session of sessions) session.close(1001, 'The server is going down');
      if (size > 0)
        await Promise.race([allClosed(sockets), new Promise((resolve) => setTimeout(resolve, 2_000).unref())]);
      for (const ws of sockets.clients) ws.terminate();
      sockets.close();
    },
  };
}

const allClosed = (sockets: WebSocketServer) =>
  Promise.all([...sockets.clients].map((ws) => new Promise<void>((resolve) => void ws.once('close', () => resolve()))));

function refuse(socket: Duplex, status: number, reason: string): void {
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
