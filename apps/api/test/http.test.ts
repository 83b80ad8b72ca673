// HTTP on a real server: CSRF, limits of documents and requests, uploads, pictures, headers, operations.
import { readFileSync } from 'node:fs';
import { get, request } from 'node:http';
import { connect } from 'node:net';
import { randomOf } from '@tessera/protocol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from './support/client.ts';
import { BOMB_KINDS, bomb } from './support/documents.ts';
import { startTestServer, type TestServer } from './support/server.ts';

let world: TestServer;
let workspaceId: string;
const PICTURE = readFileSync(new URL('../assets/demo/panda-space.png', import.meta.url));

beforeAll(async () => {
  world = await startTestServer({ TESSERA_LIMITS: JSON.stringify({ uploadBytes: 100_000, requestsPerMinute: 2_000 }) });
  const { body } = await world.query({ query: '{ viewer { workspaces { id } } }' });
  workspaceId = body.data.viewer.workspaces[0].id;
}, 120_000);
afterAll(() => world?.[Symbol.asyncDispose]());

describe('documents', () => {
  const count = Number(process.env.TESSERA_ABUSE_DOCUMENTS ?? 400);
  const seed = Number(process.env.TESSERA_ABUSE_SEED ?? 20261123);

  it(`refuses ${count} that ask for too much, over HTTP and WebSocket alike (seed ${seed})`, async () => {
    const random = randomOf(seed);
    const client = await Client.connect(world.port);
    const codes = new Set<string>();
    for (let i = 0; i < count; i++) {
      const query = bomb(i % BOMB_KINDS, random);
      const { status, body } = await world.query({ query });
      expect(status, query.slice(0, 200)).toBe(400);
      const [answer] = await client.run(query);
      expect(answer?.type, query.slice(0, 200)).toBe('error');
      const [first] = answer!.payload as { extensions: { code: string } }[];
      expect(first!.extensions.code).toBe(body.errors[0].extensions.code);
      codes.add(first!.extensions.code);
    }
    expect(codes).toContain('QUERY_TOO_COSTLY');
    client.close();
  }, 120_000);

  it('counts the cost of variables and says it', async () => {
    const query = 'query Q($n: Int, $id: ID!) { workspace(id: $id) { runs(first: $n) { nodes { id name status } } } }';
    const cheap = await world.query({ query, variables: { n: 1, id: workspaceId } });
    const dear = await world.query({ query, variables: { n: 100, id: workspaceId } });
    expect(cheap.body.extensions.cost).toBeGreaterThan(0);
    expect(dear.body.extensions.cost).toBeGreaterThan(cheap.body.extensions.cost + 90);
    const over = await world.query({ query, variables: { n: 100_000, id: workspaceId } });
    expect(over.body.errors[0].extensions.code).toBe('QUERY_TOO_COSTLY');
  });

  it('answers wrong variables with BAD_INPUT and without a trace', async () => {
    const { body } = await world.query({
      query: 'query Q($n: Int!) { workspace(id: "x") { runs(first: $n) { nodes { id } } } }',
      variables: { n: 'many' },
    });
    expect(body.errors[0].extensions.code).toBe('BAD_INPUT');
    expect(JSON.stringify(body)).not.toMatch(/node_modules|\.ts:/);
  });

  it.each([
    ['a list of operations', '[{"query":"{ __typename }"}]'],
    ['no JSON', '{"query":'],
    ['a number', '7'],
    ['query of another type', '{"query":7}'],
  ])('refuses %s', async (_what, text) => {
    const response = await fetch(`${world.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: text,
    });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toMatch(/node_modules/);
  });

  it('refuses a request over its limit before reading it all', async () => {
    const response = await fetch(`${world.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ __typename }`, x: 'x'.repeat(1_100_000) }),
    });
    expect(response.status).toBe(413);
  });
});

describe('requests that another page could make a browser send', () => {
  const mutation = () => `mutation { createWorkspace(input: { name: "Forged" }) { workspace { id } } }`;
  const workspaces = async () =>
    (await world.query({ query: '{ viewer { workspaces { id } } }' })).body.data.viewer.workspaces.length;

  it('are refused without a preflight, and from other origins', async () => {
    const before = await workspaces();
    const forged: RequestInit[] = [
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: JSON.stringify({ query: mutation() }) },
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `query=${encodeURIComponent(mutation())}`,
      },
      {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
        body: `--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${JSON.stringify({ query: mutation() })}\r\n--x--`,
      },
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
        body: JSON.stringify({ query: mutation() }),
      },
    ];
    for (const init of forged)
      expect((await fetch(`${world.origin}/graphql`, init)).status).toBeGreaterThanOrEqual(400);
    for (const method of ['GET', 'HEAD']) {
      const response = await fetch(`${world.origin}/graphql?query=${encodeURIComponent(mutation())}`, {
        method,
        headers: { 'apollo-require-preflight': '1' },
      });
      expect(response.status).toBeGreaterThanOrEqual(400);
    }
    expect(await workspaces()).toBe(before);
  });

  it('answer no cross-origin reads', async () => {
    const response = await fetch(`${world.origin}/graphql`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  // A page of evil.example may have its name point to this machine: then it is of the same origin as what it asks.
  it.each(['/graphql?query={__typename}', '/', '/metrics', '/readyz'])(
    '%s is refused under a foreign name',
    async (path) => {
      const host = `evil.example:${world.port}`;
      const status = await new Promise((resolve) => {
        request({ port: world.port, host: '127.0.0.1', path, headers: { host } }, (res) =>
          resolve(res.statusCode),
        ).end();
      });
      expect(status).toBe(403);
    },
  );
});

describe('uploads', () => {
  const newUpload = async (purpose = 'SEED'): Promise<{ uploadId: string; url: string }> => {
    const { body } = await world.query({
      query: 'mutation U($i: CreateUploadInput!) { createUpload(input: $i) { uploadId url problem { message } } }',
      variables: { i: { workspaceId, purpose } },
    });
    return body.data.createUpload;
  };
  const put = async (url: string, bytes: Uint8Array) => {
    const response = await fetch(new URL(url, world.origin), { method: 'PUT', body: Uint8Array.from(bytes) });
    return {
      status: response.status,
      body: (await response.json()) as { error?: { code: string }; uploadId?: string },
    };
  };
  const blobs = () => world.database.client.blob.count();

  it('take a picture once, and a seed is made of it', async () => {
    const { uploadId, url } = await newUpload();
    expect(await put(url, PICTURE)).toMatchObject({ status: 200 });
    expect(await put(url, PICTURE)).toMatchObject({ status: 410, body: { error: { code: 'EXPIRED' } } });
    const { body } = await world.query({
      query:
        'mutation S($i: CreateSeedInput!) { createSeed(input: $i) { seed { width picture(size: 64) { url } } problem { message } } }',
      variables: { i: { workspaceId, name: 'Panda', uploadId } },
    });
    expect(body.data.createSeed).toMatchObject({ problem: null, seed: { width: 128 } });
    const picture = await fetch(new URL(body.data.createSeed.seed.picture.url, world.origin));
    expect([picture.status, picture.headers.get('cache-control')]).toEqual([
      200,
      'private, max-age=31536000, immutable',
    ]);
    const etag = picture.headers.get('etag')!;
    expect((await picture.arrayBuffer()).byteLength).toBeGreaterThan(100);
    // Not fetch: it asks for a fresh copy whenever a condition is given.
    const again = await new Promise((resolve) => {
      get(picture.url, { headers: { 'if-none-match': etag } }, (res) => resolve(res.statusCode));
    });
    expect(again).toBe(304);
  });

  it('refuse other files by their bytes, unknown addresses and large files; a refusal does not use the address up', async () => {
    const before = await blobs();
    const { url } = await newUpload();
    for (const bytes of [
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      Buffer.from('GIF89a...'),
      Buffer.from('%PDF-1.7'),
      Buffer.from('plain'),
    ]) {
      expect(await put(url, bytes)).toMatchObject({ status: 415, body: { error: { code: 'UNSUPPORTED' } } });
    }
    expect(await put(url, Buffer.concat([PICTURE, Buffer.alloc(100_000)]))).toMatchObject({ status: 413 });
    expect(await put(url, Buffer.alloc(0))).toMatchObject({ status: 400 });
    expect(await put('/uploads/unknown', PICTURE)).toMatchObject({ status: 404 });
    expect(await blobs()).toBe(before);
    expect(await put(url, PICTURE)).toMatchObject({ status: 200 });
  });

  it('leave nothing when they are cut off, and can be sent again', async () => {
    const before = await blobs();
    const { url } = await newUpload();
    const socket = connect(world.port, '127.0.0.1');
    socket.write(`PUT ${url} HTTP/1.1\r\nHost: 127.0.0.1:${world.port}\r\nContent-Length: ${PICTURE.length}\r\n\r\n`);
    socket.write(PICTURE.subarray(0, 5_000));
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await blobs()).toBe(before);
    expect(await put(url, Buffer.concat([PICTURE, Buffer.from([0])]))).toMatchObject({ status: 200 });
  });

  it('end a body without length at the limit', async () => {
    const { url } = await newUpload();
    const status = await new Promise((resolve, reject) => {
      const req = request({ port: world.port, host: '127.0.0.1', path: url, method: 'PUT' }, (res) =>
        resolve(res.statusCode),
      );
      req.on('error', reject);
      for (let i = 0; i < 20; i++) req.write(PICTURE);
      req.end();
    });
    expect(status).toBe(413);
  });
});

describe('addresses with a ticket', () => {
  it('show nothing for a ticket that was not signed here', async () => {
    for (const path of ['/pictures/nonsense', '/exports/nonsense', '/pictures/eyJhbGciOiJub25lIn0.e30.']) {
      const response = await fetch(world.origin + path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
    }
  });
});

describe('operations', () => {
  it('tell health, readiness and metrics to this machine', async () => {
    expect((await fetch(`${world.origin}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${world.origin}/readyz`)).json()).toMatchObject({ ok: true, database: true });
    const text = await (await fetch(`${world.origin}/metrics`)).text();
    for (const name of [
      'tessera_sockets',
      'tessera_operations',
      'tessera_queue_runs',
      'tessera_frames_sent_total',
      'nodejs_eventloop_lag_p99_seconds',
    ]) {
      expect(text).toContain(name);
    }
  });

  it('send security headers and a request id with everything', async () => {
    const { headers } = await fetch(`${world.origin}/nothing`);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('serve the explorer without a word to another host', async () => {
    const html = await (await fetch(`${world.origin}/explorer/`)).text();
    expect(html).toContain('AltairGraphQL.init');
    const sources = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source!);
    expect(sources.filter((source) => /^(https?:)?\/\//.test(source))).toEqual([]);
    const script = sources.find((source) => source.endsWith('.js'))!;
    expect((await fetch(new URL(script, `${world.origin}/explorer/`))).status).toBe(200);
  });
});
