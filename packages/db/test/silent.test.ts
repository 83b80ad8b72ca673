// A PostgreSQL that takes connections and never answers: nobody waits for it for ever.
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../src/database.ts';
import { openDatabase, UnavailableError } from '../src/index.ts';
import { type PrivatePostgres, startPostgres } from '../src/testing.ts';

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as { readonly port: number }).port;
};

describe('an address that never answers', () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => sockets.add(socket.on('error', () => {})));
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it('is given up at the start', async () => {
    const port = await listening(silent);
    await expect(openDatabase({ url: `postgresql://x@127.0.0.1:${port}/x`, connectMs: 500 })).rejects.toThrow(
      UnavailableError,
    );
  });
});

describe('a server that falls silent', () => {
  let postgres: PrivatePostgres | string;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(async () => {
    if (typeof postgres !== 'string') await postgres.stop();
  });

  it('is not healthy, and who asks hears that it is away', async (context) => {
    if (typeof postgres === 'string') return context.skip(postgres);
    const url = new URL(await postgres.createDatabase());
    const folder = url.searchParams.get('host');
    let mute = false;
    const open = new Set<Socket>();
    const keep = (socket: Socket) => {
      open.add(socket.on('error', () => {}));
      return socket;
    };
    const between = createServer((client) => {
      keep(client);
      const { hostname, port } = url;
      const server = keep(folder ? connect(join(folder, '.s.PGSQL.5432')) : connect(Number(port || 5432), hostname));
      client.on('data', (data) => void (mute || server.write(data)));
      server.on('data', (data) => void (mute || client.write(data)));
    });
    const port = await listening(between);
    const { username, password, pathname } = url;
    const secret = password ? `:${password}` : '';
    const address = `postgresql://${username}${secret}@127.0.0.1:${port}${pathname}`;
    const database = await openDatabase({ url: address, connections: 1, connectMs: 2_000 });
    expect((await database.health()).ok).toBe(true);
    mute = true;
    // The one connection of the pool hangs in the first question; the second waits for one that never comes.
    expect((await database.health()).ok).toBe(false);
    await expect(query(database, (sql) => sql.run.count())).rejects.toThrow(UnavailableError);
    expect((await database.health()).ok).toBe(false);
    for (const socket of open) socket.destroy();
    between.close();
    await database.close();
  });
});
