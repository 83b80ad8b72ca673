// Scalars: raw bytes as base64, points in time as ISO 8601, and JSON without what JSON cannot hold.
import { GraphQLError, Kind, type ValueNode } from 'graphql';
import { builder } from './builder.ts';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

function wrong(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_INPUT' } });
}

builder.scalarType('Bytes', {
  description: 'Base64 of raw bytes.',
  serialize: (value) => Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64'),
  parseValue(value) {
    if (typeof value === 'string' && BASE64.test(value)) return new Uint8Array(Buffer.from(value, 'base64'));
    throw wrong('Bytes are given as base64, with its padding.');
  },
});

builder.scalarType('DateTime', {
  description: 'ISO 8601 with a time zone.',
  serialize: (value) => value.toISOString(),
  parseValue(value) {
    const date = typeof value === 'string' && ISO.test(value) ? new Date(value) : undefined;
    if (date && Number.isFinite(date.getTime())) return date;
    throw wrong('A point in time is given as ISO 8601 with a time zone, such as 2026-01-31T12:00:00Z.');
  },
});

builder.scalarType('JSON', {
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => jsonOf(node, variables ?? {}),
});

function jsonOf(node: ValueNode, variables: Readonly<Record<string, unknown>>): unknown {
  switch (node.kind) {
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.LIST:
      return node.values.map((value) => jsonOf(value, variables));
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, jsonOf(value, variables)]));
    case Kind.NULL:
      return null;
    case Kind.VARIABLE:
      return variables[node.name.value];
  }
}
