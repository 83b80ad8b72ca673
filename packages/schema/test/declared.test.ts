// Every field says who may read it and what it costs; a field that does not fails here.
import { getNamedType, isInterfaceType, isLeafType, isListType, isNonNullType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../src/index.ts';

const types = Object.values(schema.getTypeMap()).filter(
  (type) => (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__'),
);
const fields = types.flatMap((type) =>
  isObjectType(type) || isInterfaceType(type)
    ? Object.values(type.getFields()).map((field) => ({ type: type.name, name: field.name, field }))
    : [],
);
const ROOTS = ['Query', 'Mutation', 'Subscription'];
const isList = (type: unknown): boolean => isListType(type) || (isNonNullType(type) && isListType(type.ofType));

describe('declarations', () => {
  it('has every root', () => {
    expect(ROOTS.map((root) => schema.getType(root)?.name)).toEqual(ROOTS);
    expect(fields.length).toBeGreaterThan(250);
  });

  it('declares authorisation at every field', () => {
    const missing = fields.filter(({ field }) => field.extensions.access === undefined);
    expect(missing.map(({ type, name }) => `${type}.${name}`)).toEqual([]);
  });

  it('declares authorisation of root fields at the field itself', () => {
    // A right there has no object to be asked of: the resolver says for what it asks.
    const wrong = fields.filter(
      ({ type, field }) =>
        ROOTS.includes(type) && field.extensions.access !== 'open' && typeof field.extensions.access !== 'object',
    );
    expect(wrong.map(({ type, name }) => `${type}.${name}`)).toEqual([]);
  });

  it('declares a cost wherever a field is more than one value', () => {
    const missing = fields.filter(({ field }) => {
      const simple = isLeafType(getNamedType(field.type)) && !isList(field.type) && field.args.length === 0;
      return !simple && field.extensions.declaredCost !== true;
    });
    expect(missing.map(({ type, name }) => `${type}.${name}`)).toEqual([]);
  });
});
