// What an operation costs before it runs, for both transports; variables count.
import { complexityFromQuery } from '@pothos/plugin-complexity';
import { type DocumentNode, GraphQLError, Kind } from 'graphql';
import { schema } from './schema.ts';

export interface OperationCost {
  /** Points; `limits.queryCost` is the most. */
  readonly cost: number;
  /** Levels; `limits.queryDepth` is the most. */
  readonly depth: number;
}

/**
 * The cost of the named operation, or of the only one. The document is valid against the schema.
 * @throws GraphQLError when there is no such operation, or a variable does not fit
 */
export function operationCost(
  document: DocumentNode,
  variables: Record<string, unknown> = {},
  operationName?: string | null,
): OperationCost {
  const definitions = document.definitions.filter(
    (definition) =>
      definition.kind !== Kind.OPERATION_DEFINITION || !operationName || definition.name?.value === operationName,
  );
  if (!definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION)) {
    throw new GraphQLError('The document has no such operation.', { extensions: { code: 'BAD_INPUT' } });
  }
  const { complexity, depth } = complexityFromQuery({ kind: Kind.DOCUMENT, definitions }, { schema, variables });
  return { cost: complexity, depth };
}
