// The checked-in SDL is what the code says.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { printedSchema } from '../src/index.ts';

it('schema.graphql is up to date (npm run print -w packages/schema)', () => {
  expect(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8')).toBe(printedSchema());
});
