// Points of an operation, as the gate asks for them.
import { operationCost } from '@tessera/schema';
import type { DocumentNode } from 'graphql';

export const cost = (
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  operationName: string | undefined,
): number => operationCost(document, variables, operationName).cost;
