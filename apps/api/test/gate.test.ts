// The gate: what is refused, with which code, and how fast, whatever a document looks like.
import { readFileSync } from 'node:fs';
import { LIMITS, limitsWith } from '@tessera/protocol';
import { buildSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { makeGate } from '../src/graphql/gate.ts';
import { shapeOf } from '../src/graphql/shape.ts';

const contract = buildSchema(readFileSync(new URL('../../../packages/schema/schema.graphql', import.meta.url), 'utf8'));
const known = new Map([['5a3f9e3b1b8d1f6f0ab4e9f6a7a6d5b1', '{ studio { version } }']]);
const gate = makeGate({ schema: contract, limits: limitsWith(), cost: () => 1, known });
const code = (query: string) => {
  const passage = gate({ query }, { onlyKnown: false });
  return passage.ok ? 'OK' : passage.errors[0].extensions.code;
};

describe('shape of a document', () => {
  it('counts levels, aliases and directives through fragments', () => {
    const shape = shapeOf(parse('query Q @a { x { ...F y: z @b } } fragment F on T { p { q: r } ... on T @c { s } }'));
    expect(shape).toEqual({ depth: 3, aliases: 2, directives: 3 });
  });

  it('counts a fragment wherever it is spread, and walks it once', () => {
    const doubling = (levels: number) =>
      `{ ...F0 } ${Array.from({ length: levels }, (_, i) => `fragment F${i} on Q { a${i}: b ${i + 1 < levels ? `...F${i + 1} ...F${i + 1}` : ''} }`).join(' ')}`;
    expect(shapeOf(parse(doubling(4))).aliases).toBe(15);
    // 2^60 spreads: only possible because nothing is walked twice.
    expect(shapeOf(parse(doubling(60))).aliases).toBeGreaterThan(1e17);
  });

  it('takes a fragment inside itself for endless', () => {
    expect(shapeOf(parse('{ ...A } fragment A on Q { x { ...B } } fragment B on Q { ...A }')).depth).toBe(Infinity);
  });
});

describe('the gate', () => {
  it('lets a document through that fits, with its cost', () => {
    const passage = gate({ query: '{ studio { version } }' }, { onlyKnown: false });
    expect(passage).toMatchObject({ ok: true, cost: 1 });
  });

  it.each([
    ['tokens', `{ ${'__typename '.repeat(LIMITS.queryTokens.value)} }`, 'QUERY_TOO_COSTLY'],
    ['aliases', `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: __typename`).join(' ')} }`, 'QUERY_TOO_COSTLY'],
    ['directives', `{ __typename ${'@skip(if: false) '.repeat(21)} }`, 'QUERY_TOO_COSTLY'],
    [
      'depth',
      `{ viewer { workspaces { ${'sessions { nodes { workspace { '.repeat(4)} id ${'} } }'.repeat(4)} } } }`,
      'QUERY_TOO_COSTLY',
    ],
    ['syntax', '{ studio { version }', 'BAD_INPUT'],
    ['unknown fields', '{ studio { secrets } }', 'BAD_INPUT'],
    ['no document', '', 'BAD_INPUT'],
  ])('refuses %s', (_what, query, expected) => {
    expect(code(query)).toBe(expected);
  });

  it('counts cost with variables, each time', () => {
    const dear = makeGate({ schema: contract, limits: limitsWith(), cost: (_d, { n }) => Number(n), known: new Map() });
    const query = 'query Q($n: Int) { viewer { workspaces { sessions(first: $n) { nodes { id } } } } }';
    expect(dear({ query, variables: { n: 5_000 } }, { onlyKnown: false })).toMatchObject({ ok: true, cost: 5_000 });
    const refused = dear({ query, variables: { n: 5_001 } }, { onlyKnown: false });
    expect(!refused.ok && refused.errors[0].extensions.code).toBe('QUERY_TOO_COSTLY');
  });

  it('finds documents of the page by hash, and says when there is none', () => {
    const [hash, text] = [...known][0]!;
    const byHash = (sha256Hash: string) =>
      gate({ extensions: { persistedQuery: { version: 1, sha256Hash } } }, { onlyKnown: false });
    expect(byHash(hash)).toMatchObject({ ok: true, query: text });
    const missing = byHash('0'.repeat(64));
    expect(!missing.ok && missing.errors[0].extensions).toEqual({
      code: 'BAD_INPUT',
      reason: 'PERSISTED_QUERY_NOT_FOUND',
    });
  });

  it('takes only documents of the page from whoever may send no others', () => {
    const [hash] = [...known][0]!;
    const byHash = { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } };
    expect(gate(byHash, { onlyKnown: true }).ok).toBe(true);
    const own = gate({ query: '{ __typename }' }, { onlyKnown: true });
    expect(!own.ok && own.errors[0].extensions.code).toBe('FORBIDDEN');
  });
});
