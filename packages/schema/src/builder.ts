// The one schema builder: scalars, defaults and plugins. Files under here add their types to it.
import SchemaBuilder from '@pothos/core';
import ComplexityPlugin, { ComplexityErrorKind } from '@pothos/plugin-complexity';
import RelayPlugin from '@pothos/plugin-relay';
import type { Context } from './context.ts';
import { TooCostlyError } from './cost.ts';
import './pothos/access-plugin.ts';

export interface Types {
  Context: Context;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    Bytes: { Input: Uint8Array; Output: Uint8Array };
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: unknown; Output: unknown };
  };
}

export type FullTypes = PothosSchemaTypes.ExtendDefaultTypes<Types>;

const held = { access: 'held' } as const;
/** A connection's field carries the whole cost of its page. */
const FREE = { field: 0, multiplier: 1 };

export const builder = new SchemaBuilder<Types>({
  plugins: ['access', ComplexityPlugin, RelayPlugin],
  defaultFieldNullability: false,
  complexity: {
    limit: ({ limits }: Context) => ({ complexity: limits.queryCost, depth: limits.queryDepth }),
    complexityError: (kind, { complexity, depth, breadth, maxComplexity = 0, maxDepth = 0, maxBreadth = 0 }) => {
      if (kind === ComplexityErrorKind.Depth) return new TooCostlyError('depth', depth, maxDepth);
      if (kind === ComplexityErrorKind.Breadth) return new TooCostlyError('breadth', breadth, maxBreadth);
      return new TooCostlyError('cost', complexity, maxComplexity);
    },
  },
  relay: {
    clientMutationId: 'omit',
    cursorType: 'String',
    nodesOnConnection: { complexity: FREE },
    edgesFieldOptions: { nullable: { list: false, items: false }, complexity: FREE },
    nodeFieldOptions: { nullable: false, complexity: FREE },
    pageInfoFieldOptions: { complexity: FREE },
    pageInfoTypeOptions: held,
    nodeTypeOptions: { ...held, description: 'An object with a global id.' },
    defaultConnectionTypeOptions: held,
    defaultEdgeTypeOptions: held,
    nodeQueryOptions: { access: { checked: 'view of what the id points at' }, complexity: 1 },
    nodesQueryOptions: {
      access: { checked: 'view of what each id points at' },
      complexity: ({ ids }) => ({ field: 1, multiplier: Math.max(1, ids.length) }),
    },
  },
});

builder.queryType({});
builder.mutationType({});
builder.subscriptionType({});
