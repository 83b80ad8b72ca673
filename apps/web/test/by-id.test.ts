// Requests by id: a built page sends the id, and the text where the server does not know it, once and from then on.
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';

const TEXT = 'query A { a }';
const ID = createHash('sha256').update(TEXT).digest('hex');

interface Sent {
  readonly query?: string;
  readonly variables?: object;
  readonly extensions?: { readonly persistedQuery: { readonly sha256Hash: string } };
}

let server: Server;
let url = '';
let knows = true;
let sent: Sent[] = [];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body = JSON.parse(text) as Sent;
    sent.push(body);
    const found = body.query !== undefined || knows;
    const errors = [{ message: 'no', extensions: { code: 'BAD_INPUT', reason: 'PERSISTED_QUERY_NOT_FOUND' } }];
    response.writeHead(found ? 200 : 400, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ? { data: { a: 1 } } : { errors }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as { readonly port: number }).port}`;
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
});
beforeEach(() => {
  sent = [];
  vi.resetModules();
});

async function pageOf(environment: string) {
  vi.stubEnv('NODE_ENV', environment);
  const { fetchById } = await import('../src/gql/by-id.ts');
  return async () => {
    const body = JSON.stringify({ query: TEXT, variables: { b: 2 } });
    return (await fetchById(url, { method: 'POST', body })).json();
  };
}

it('a built page sends the id, with everything else', async () => {
  knows = true;
  const ask = await pageOf('production');
  expect(await ask()).toEqual({ data: { a: 1 } });
  expect(sent).toEqual([{ variables: { b: 2 }, extensions: { persistedQuery: { version: 1, sha256Hash: ID } } }]);
});

it('a server of another version gets the text, and is not asked by id again', async () => {
  knows = false;
  const ask = await pageOf('production');
  expect(await ask()).toEqual({ data: { a: 1 } });
  expect(await ask()).toEqual({ data: { a: 1 } });
  expect(sent.map(({ query }) => query)).toEqual([undefined, TEXT, TEXT]);
});

it('while the page is developed texts are sent', async () => {
  const ask = await pageOf('development');
  await ask();
  expect(sent).toEqual([{ query: TEXT, variables: { b: 2 } }]);
});
