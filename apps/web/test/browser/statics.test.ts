// What browsers load travels as the build compressed it.

import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Studio, startStudio } from './support/studio.ts';

let studio: Studio;
beforeAll(async () => {
  studio = await startStudio();
});
afterAll(() => studio[Symbol.asyncDispose]());

/** Without what `fetch` adds and unpacks. */
async function get(path: string, encodings: string) {
  const sent = request(new URL(path, studio.address), { headers: { 'accept-encoding': encodings } });
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await buffer(answer) };
}

it('sends scripts as Brotli, as gzip or plain, by what is asked for', async () => {
  const page = (await get('/', 'identity')).body.toString();
  const script = /\/_next\/static\/[^"\\]+\.js/.exec(page)?.[0];
  expect(script).toBeDefined();
  const [small, zipped, plain] = await Promise.all([
    get(script!, 'gzip, deflate, br'),
    get(script!, 'gzip, deflate'),
    get(script!, 'identity'),
  ]);
  expect(small.headers['content-encoding']).toBe('br');
  expect(zipped.headers['content-encoding']).toBe('gzip');
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect(brotliDecompressSync(small.body).equals(plain.body)).toBe(true);
  expect(gunzipSync(zipped.body).equals(plain.body)).toBe(true);
  for (const { status, headers } of [small, zipped, plain]) {
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/javascript/);
    expect(headers['cache-control']).toMatch(/immutable/);
    expect(headers.vary).toMatch(/accept-encoding/i);
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
});

it('says that a file is not there, and gives nothing from beside the folder', async () => {
  expect((await get('/_next/static/chunks/none.js', 'br')).status).toBe(404);
  const outside = await get('/_next/static/..%2fdocuments.json', 'identity');
  expect(outside.status).toBeGreaterThanOrEqual(400);
  expect(outside.body.toString()).not.toContain('query');
});
