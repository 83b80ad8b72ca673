// docs/server.md names every close code that the server sends, says the same about coming again, and names every setting.
import { readFileSync } from 'node:fs';
import { CLOSE_CODES } from '@tessera/protocol';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const docs = read('../../../docs/server.md');

describe('close codes', () => {
  const rows = new Map(
    Array.from(docs.matchAll(/^\| (\d{4}) \| .* \| (yes|no) \|$/gm), ([, code, again]) => [
      Number(code),
      again === 'yes',
    ]),
  );
  // Those that a client gives itself are not the server's.
  const { internalClientError, badResponse, connectionAcknowledgementTimeout, ...own } = CLOSE_CODES;
  const ofClients = [internalClientError, badResponse, connectionAcknowledgementTimeout].map(({ code }) => code);

  it.each(Object.values(own))('$code is documented', ({ code, retry }) => {
    expect(rows.get(code)).toBe(retry);
  });

  it('are no others', () => {
    const known = Object.values(own).map(({ code }) => code as number);
    expect([...rows.keys()].filter((code) => code >= 4000 && !known.includes(code))).toEqual([]);
    for (const code of ofClients) expect(rows.has(code)).toBe(false);
  });
});

it('every setting of the environment is documented', () => {
  const names = Array.from(read('../src/config/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+): /gm), ([, name]) => name!);
  expect(names.length).toBeGreaterThan(15);
  const missing = names.filter((name) => name !== 'NODE_ENV' && !docs.includes(`\`${name}\``));
  expect(missing).toEqual([]);
});
