// Sockets without a token that send as much as they can and stay.
import { once } from 'node:events';
import { sleep } from '@tessera/protocol/testing';
import { WebSocket } from 'ws';
import { Client } from '../support/client.ts';
import type { TestServer } from '../support/server.ts';
import { type AttackReport, leftBehind, rssMb, settles } from './measure.ts';

export interface SocketsReport extends AttackReport {
  /** Handshakes that were answered with an HTTP error: beyond the limit of an address. */
  readonly refused: number;
}

export async function hostileSockets(world: TestServer, count: number): Promise<SocketsReport> {
  const before = rssMb();
  let refused = 0;
  const open = async (_: unknown, i: number) => {
    const client = new Client(world.port);
    client.ws.once('unexpected-response', () => {
      refused += 1;
      client.close();
    });
    await settles(Promise.race([once(client.ws, 'open').catch(() => undefined), client.closed]), 60_000);
    if (client.ws.readyState !== WebSocket.OPEN) return client;
    // A frame of 60 kB that stays one byte short, or many small messages.
    const raw = (client.ws as unknown as { readonly _socket: NodeJS.WritableStream })._socket;
    if (i % 2 === 0)
      raw.write(Buffer.concat([Buffer.from([0x81, 0xfe, 0xea, 0x60, 1, 2, 3, 4]), Buffer.alloc(59_999)]));
    else for (let k = 0; k < 30; k++) client.send({ type: 'ping' });
    return client;
  };
  const clients = await Promise.all(Array.from({ length: count }, open));
  await sleep(300);
  const grownMb = rssMb() - before;
  for (const client of clients) client.close();
  await settles(Promise.all(clients.map(({ closed }) => closed)), 60_000);
  return { attempts: count, leaked: await leftBehind(world), grownMb, refused };
}
