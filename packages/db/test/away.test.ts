// A database that is away is told as such, whichever way it is asked: workers then wait for it, and callers try again.
import { createServer, type Server } from 'node:net';
import { PrismaPg } from '@prisma/adapter-pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PrismaClient } from '../generated/client.ts';
import { mapError } from '../src/map-error.ts';

/** A server that refuses every connection in PostgreSQL's words. */
let refusing: Server;
let port = 0;

beforeAll(async () => {
  refusing = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(errorResponse('57P03', 'the database system is starting up')));
  });
  await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
  const address = refusing.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => new Promise((resolve) => refusing.close(resolve)));

function errorResponse(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.from('E\0\0\0\0');
  head.writeUInt32BE(4 + fields.length, 1);
  return Buffer.concat([head, fields]);
}

describe.each([
  ['that starts up', () => `postgresql://x@127.0.0.1:${port}/x`],
  ['without its socket', () => 'postgresql://x@localhost/x?host=/nonexistent'],
  ['that nobody runs', () => 'postgresql://x@127.0.0.1:1/x'],
])('a server %s', (_, url) => {
  it.each<[string, (client: PrismaClient) => Promise<unknown>]>([
    ['a query', (client) => client.run.findMany()],
    ['a plain statement', (client) => client.$queryRaw`SELECT 1`],
    ['a transaction', (client) => client.$transaction((sql) => sql.run.count())],
  ])('is away for %s', async (_name, ask) => {
    const adapter = new PrismaPg({ connectionString: url() });
    const client = new PrismaClient({ adapter, errorFormat: 'minimal' });
    const error = await ask(client).then(
      () => undefined,
      (thrown: unknown) => mapError(thrown),
    );
    await client.$disconnect();
    expect(error).toMatchObject({ code: 'UNAVAILABLE' });
  });
});
