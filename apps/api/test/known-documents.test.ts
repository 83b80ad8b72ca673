// The page's documents by id: all that the page can send goes through, foreign texts are refused, on HTTP and WebSocket.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeLog, readConfig, startServer } from '../src/index.ts';
import { Client } from './support/client.ts';
import { startTestServer, type TestServer } from './support/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'tessera-known-'));
const file = join(folder, 'documents.json');
const settings = { TESSERA_DOCUMENTS: 'known', TESSERA_DOCUMENTS_FILE: file };
let manifest: Readonly<Record<string, string>>;
let world: TestServer;

beforeAll(async () => {
  // By a name that is not known to the compiler: the page is checked with other settings.
  const name: string = '../../web/scripts/manifest/manifest.ts';
  const page = (await import(name)) as { manifestOf(folder: string): typeof manifest };
  manifest = page.manifestOf(fileURLToPath(new URL('../../web/src', import.meta.url)));
  writeFileSync(file, JSON.stringify(manifest));
  world = await startTestServer(settings);
}, 120_000);
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const named = (sha256Hash: string) => ({ query: '', extensions: { persistedQuery: { version: 1, sha256Hash } } });
const idOf = (start: string) => Object.entries(manifest).find(([, text]) => text.startsWith(start))![0];
const FOREIGN = '{ studio { version } }';

it('knows every document of the page, with and without type names', async () => {
  const texts = Object.values(manifest);
  expect(texts.length).toBeGreaterThan(100);
  expect(texts.filter((text) => /^subscription .*runSteps\(/s.test(text)).length).toBeGreaterThan(0);
  // Without their variables most end in an error, but none at the gate.
  const answers = await Promise.all(Object.keys(manifest).map(async (id) => (await world.query(named(id))).body));
  for (const { errors = [] } of answers) {
    for (const { extensions, message } of errors) {
      expect([message, extensions.reason, extensions.code === 'FORBIDDEN']).toEqual([message, undefined, false]);
    }
  }
});

it('answers an id and the same text over HTTP, and refuses a foreign text', async () => {
  const id = idOf('query Home');
  for (const request of [named(id), { query: manifest[id] }]) {
    const { status, body } = await world.query(request);
    expect([status, body.errors]).toEqual([200, undefined]);
  }
  const refused = await world.query({ query: FOREIGN });
  expect([refused.status, refused.body.errors[0].extensions.code]).toEqual([400, 'FORBIDDEN']);
  const unknown = await world.query(named('0'.repeat(64)));
  expect(unknown.body.errors[0].extensions.reason).toBe('PERSISTED_QUERY_NOT_FOUND');
});

it('does the same over WebSocket', async () => {
  const client = await Client.connect(world.port);
  const ask = async (id: string, payload: object) => {
    client.send({ type: 'subscribe', id, payload });
    return client.until((message) => message.id === id);
  };
  expect((await ask('known', named(idOf('query Home')))).payload).toHaveProperty('data.viewer');
  expect(await ask('foreign', { query: FOREIGN })).toMatchObject({
    type: 'error',
    payload: [{ extensions: { code: 'FORBIDDEN' } }],
  });
  expect(await ask('unknown', named('0'.repeat(64)))).toMatchObject({
    type: 'error',
    payload: [{ extensions: { reason: 'PERSISTED_QUERY_NOT_FOUND' } }],
  });
  client.close();
});

it('does not start where only known documents are taken and none is known', async () => {
  const config = readConfig({
    TESSERA_PORT: '0',
    TESSERA_DATA: join(folder, 'data'),
    TESSERA_PAGE: 'off',
    TESSERA_WORKER: 'off',
    TESSERA_LOG: 'silent',
    TESSERA_DOCUMENTS: 'known',
  });
  const started = startServer(config, makeLog(config), { database: world.database });
  await expect(started).rejects.toThrow(/^TESSERA_DOCUMENTS: .*there are none/);
});
