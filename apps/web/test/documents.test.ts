// Every GraphQL document of the page is valid against the contract: types alone do not see fields that conflict.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSchema, parse, validate } from 'graphql';
import { expect, it } from 'vitest';

const source = fileURLToPath(new URL('../src', import.meta.url));
const contract = fileURLToPath(new URL('../../../packages/schema/schema.graphql', import.meta.url));

/** The documents of a file, each with the file's fragments that it names. */
function documentsOf(file: string): string[] {
  const texts = Array.from(readFileSync(file, 'utf8').matchAll(/graphql\(\s*`([^`]+)`/g), (match) => match[1] ?? '');
  const fragments = texts.filter((text) => text.trim().startsWith('fragment'));
  return texts
    .filter((text) => !text.trim().startsWith('fragment'))
    .map((text) => [text, ...fragments.filter((fragment) => text.includes(`...${nameOf(fragment)}`))].join('\n'));
}

const nameOf = (fragment: string) => /fragment\s+(\w+)/.exec(fragment)?.[1] ?? '';

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => join(source, path));

it('asks only for what the schema gives', () => {
  const schema = buildSchema(readFileSync(contract, 'utf8'));
  const documents = files.flatMap((file) => documentsOf(file).map((text) => ({ file, text })));
  expect(documents.length).toBeGreaterThan(10);
  const wrong = documents.flatMap(({ file, text }) =>
    // A fragment that another file exports is not here to be looked at.
    validate(schema, parse(text))
      .filter(({ message }) => !message.startsWith('Unknown fragment'))
      .map(({ message }) => `${file}: ${message}`),
  );
  expect(wrong).toEqual([]);
});
