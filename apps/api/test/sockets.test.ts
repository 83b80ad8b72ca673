// GraphQL over WebSocket on a real server: every close code, every limit before and after a token came.
import { once } from 'node:events';
import { connect } from 'node:net';
import { CLOSE_CODES } from '@tessera/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Client } from './support/client.ts';
import { startTestServer, type TestServer } from './support/server.ts';

let world: TestServer;
let workspaceId: string;

beforeAll(async () => {
  const limits = {
    connectionInitSeconds: 3,
    socketsPerUser: 4,
    subscriptionsPerSocket: 3,
    unauthenticatedMessages: 5,
  };
  world = await startTestServer({ TESSERA_LIMITS: JSON.stringify(limits) });
  const { body } = await world.query({ query: '{ viewer { workspaces { id } } }' });
  workspaceId = body.data.viewer.workspaces[0].id;
}, 120_000);
afterAll(() => world?.[Symbol.asyncDispose]());

const WATCH = 'subscription W($id: ID!) { workspaceChanged(workspaceId: $id) { id } }';
const settle = (value: () => number, wanted: number) => expect.poll(value).toBe(wanted);
const subscribers = () => world.server.services.bus.live.stats().subscribers;

describe('close codes', () => {
  it('4400 for what is no message, for binary, and for messages that only a server sends', async () => {
    for (const data of [
      'not json',
      '{"type":"nonsense"}',
      '[]',
      '{"type":"next","id":"1","payload":{}}',
      Buffer.from([1, 2]),
    ]) {
      const client = await Client.open(world.port);
      client.ws.send(data);
      expect((await client.closed).code).toBe(CLOSE_CODES.badRequest.code);
    }
  });

  it('4500, to come again, where the database is away, and not 4403 as for a token that opens nothing', async () => {
    await using alone = await startTestServer({ TESSERA_ACCOUNTS: 'on' });
    const codeOf = async () => {
      const client = await Client.open(alone.port);
      client.send({ type: 'connection_init', payload: { share: 'no-such-link' } });
      return (await client.closed).code;
    };
    expect(await codeOf()).toBe(CLOSE_CODES.forbidden.code);
    await alone.database.close();
    expect(await codeOf()).toBe(CLOSE_CODES.internalServerError.code);
  });

  it('4401 for an operation before the acknowledgement', async () => {
    const client = await Client.open(world.port);
    client.subscribe('1', '{ __typename }');
    expect((await client.closed).code).toBe(CLOSE_CODES.unauthorized.code);
  });

  it('4406 for another subprotocol', async () => {
    const ws = new WebSocket(`ws://127.0.0.1:${world.port}/graphql`);
    const [code] = await once(ws, 'close');
    expect(code).toBe(CLOSE_CODES.subprotocolNotAcceptable.code);
  });

  it('4408 where no connection_init comes', async () => {
    const client = await Client.open(world.port);
    expect((await client.closed).code).toBe(CLOSE_CODES.connectionInitialisationTimeout.code);
  });

  it('4409 for an id that is in use', async () => {
    const client = await Client.connect(world.port);
    client.subscribe('same', WATCH, { id: workspaceId });
    client.subscribe('same', WATCH, { id: workspaceId });
    expect((await client.closed).code).toBe(CLOSE_CODES.subscriberAlreadyExists.code);
    await settle(subscribers, 0);
  });

  it('4429 for a second connection_init', async () => {
    const client = await Client.connect(world.port);
    client.send({ type: 'connection_init' });
    expect((await client.closed).code).toBe(CLOSE_CODES.tooManyInitialisationRequests.code);
  });

  it('4429 for a flood before the acknowledgement', async () => {
    const client = await Client.open(world.port);
    for (let i = 0; i < 6; i++) client.send({ type: 'ping' });
    expect((await client.closed).code).toBe(CLOSE_CODES.tooManyInitialisationRequests.code);
  });

  it('4429 for more sockets than a user may have; they come back', async () => {
    const clients = await Promise.all(Array.from({ length: 4 }, () => Client.connect(world.port)));
    const fifth = await Client.open(world.port);
    fifth.send({ type: 'connection_init' });
    expect((await fifth.closed).code).toBe(CLOSE_CODES.tooManyInitialisationRequests.code);
    for (const client of clients) client.close();
    await Promise.all(clients.map(({ closed }) => closed));
    await expect.poll(() => Client.connect(world.port).then((client) => client.close())).toBeUndefined();
  });

  it('4400 for more bytes than a token needs, whole or not', async () => {
    const whole = await Client.open(world.port);
    whole.ws.send(JSON.stringify({ type: 'connection_init', payload: { token: 'x'.repeat(70_000) } }));
    expect((await whole.closed).code).toBe(CLOSE_CODES.badRequest.code);
    // A frame that says it has 100,000 bytes, of which 66,000 come and then nothing more.
    const torn = await Client.open(world.port);
    const raw = (torn.ws as unknown as { readonly _socket: NodeJS.WritableStream })._socket;
    raw.write(
      Buffer.concat([Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 1, 0x86, 0xa0, 1, 2, 3, 4]), Buffer.alloc(66_000)]),
    );
    expect([CLOSE_CODES.badRequest.code, 1006]).toContain((await torn.closed).code);
  });

  it('1009 for a message over the limit of signed-in sockets', async () => {
    const client = await Client.connect(world.port);
    client.ws.send(JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(1_100_000) } }));
    expect((await client.closed).code).toBe(1009);
  });
});

describe('operations', () => {
  it('answers queries with their cost, and the first event of a subscription with its', async () => {
    const client = await Client.connect(world.port);
    const [answer] = await client.run('{ studio { version } }');
    expect(answer!.payload).toMatchObject({
      data: { studio: { version: expect.any(String) } },
      extensions: { cost: expect.any(Number) },
    });
    client.close();
  });

  it('formats errors as HTTP does: code and one line, no stack', async () => {
    const client = await Client.connect(world.port);
    const [answer] = await client.run('{ workspace(id: "nonsense") { id } }');
    const errors = (answer!.payload as { errors: object[] }).errors ?? answer!.payload;
    expect(JSON.stringify(errors)).not.toContain('at ');
    const { body } = await world.query({ query: '{ workspace(id: "nonsense") { id } }' });
    expect((answer!.payload as { data: unknown }).data).toEqual(body.data);
    client.close();
  });

  it('runs at most so many at once', async () => {
    const client = await Client.connect(world.port);
    for (let i = 0; i < 4; i++) client.subscribe(`s${i}`, WATCH, { id: workspaceId });
    const refused = await client.until(({ type }) => type === 'error');
    expect(refused).toMatchObject({ id: 's3', payload: [{ extensions: { code: 'QUOTA' } }] });
    client.close();
  });

  it('frees what it held when a subscription is completed, and when the socket goes', async () => {
    const client = await Client.connect(world.port);
    client.subscribe('a', WATCH, { id: workspaceId });
    client.subscribe('b', WATCH, { id: workspaceId });
    await settle(subscribers, 2);
    client.send({ type: 'complete', id: 'a' });
    await settle(subscribers, 1);
    client.close();
    await settle(subscribers, 0);
  });
});

describe('before the handshake', () => {
  it('refuses 50 of 50 forged origins, and takes its own', async () => {
    const forged = Array.from(
      { length: 50 },
      (_, i) =>
        [
          `http://localhost:${world.port + 1 + i}`,
          `https://localhost:${world.port}`,
          `http://localhost.evil${i}.example`,
          `http://127.0.0.1.evil.example:${world.port}`,
          'null',
          `http://evil${i}.example/http://localhost:${world.port}`,
        ][i % 6]!,
    );
    let refused = 0;
    for (const origin of forged) {
      const client = new Client(world.port, { headers: { origin } });
      const [request, response] = (await once(client.ws, 'unexpected-response')) as [
        { destroy(): void },
        { statusCode: number },
      ];
      if (response.statusCode === 403) refused += 1;
      request.destroy();
    }
    expect(refused).toBe(50);
    for (const name of ['localhost', '127.0.0.1']) {
      (await Client.connect(world.port, undefined, { headers: { origin: `http://${name}:${world.port}` } })).close();
    }
  });

  it('refuses a foreign name, as of a rebound address', async () => {
    const socket = connect(world.port, '127.0.0.1');
    socket.write(
      'GET /graphql HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
    );
    const [data] = await once(socket, 'data');
    expect(String(data)).toContain('HTTP/1.1 403');
    socket.destroy();
  });

  it('leaves no other upgrade open', async () => {
    const ws = new WebSocket(`ws://127.0.0.1:${world.port}/elsewhere`, 'graphql-transport-ws');
    const [error] = await once(ws, 'error');
    expect(error).toBeInstanceOf(Error);
  });
});
