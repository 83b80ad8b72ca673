// The manifest of documents: fragments of this and other files are found, what cannot be known is refused with its place.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { UnreadableDocumentError } from '../scripts/manifest/calls.ts';
import { manifestOf } from '../scripts/manifest/manifest.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** The texts in the manifest of such files. */
function textsOf(files: Readonly<Record<string, string>>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-manifest-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const manifest = manifestOf(folder);
  for (const [id, text] of Object.entries(manifest)) {
    expect(createHash('sha256').update(text).digest('hex')).toBe(id);
  }
  return Object.values(manifest);
}

it('has each operation as it is written and with type names, its fragments included', () => {
  const texts = textsOf({
    'part.ts': 'export const Part = graphql(`fragment Part on Run { id }`);',
    'page.tsx':
      "import { Part as P } from './part.ts';\nconst Own = graphql(`fragment Own on Run { name ...Part }`, [P]);\nconst PAGE = graphql(`query Page { run { ...Own } }`, [Own]);",
  });
  const lines = texts.map((text) => text.replace(/\s+/g, ' '));
  expect(lines).toEqual([
    'query Page { run { ...Own __typename } } fragment Own on Run { name ...Part __typename } fragment Part on Run { id __typename }',
    'query Page { run { ...Own } } fragment Own on Run { name ...Part } fragment Part on Run { id }',
  ]);
});

it.each([
  ['a text that is put together', 'const A = graphql(start + end);'],
  ['a fragment that is not there', 'const A = graphql(`query A { ...B }`, [B]);'],
  ['a list that is not written out', 'const A = graphql(`query A { ...B }`, fragments);'],
])('refuses %s, with its place', (_, source) => {
  expect(() => textsOf({ 'page.ts': `\n${source}` })).toThrow(UnreadableDocumentError);
  expect(() => textsOf({ 'page.ts': `\n${source}` })).toThrow(/page\.ts:2: /);
});
