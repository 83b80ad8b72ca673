// Asks once, outside of a component.
import type { RequestPolicy } from '@urql/core';
import type { TadaDocumentNode } from 'gql.tada';
import { graphqlClient } from './client.ts';
import { TroubleError, troubleOf } from './problem.ts';

/** @throws TroubleError */
export async function ask<Data, Variables extends Record<string, unknown>>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
  requestPolicy: RequestPolicy = 'network-only',
): Promise<Data> {
  const { data, error } = await graphqlClient().query(document, variables, { requestPolicy }).toPromise();
  if (error || !data) throw new TroubleError(troubleOf(error));
  return data;
}
