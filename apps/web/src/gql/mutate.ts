// Runs a mutation and answers with its payload; a `problem` in it, an error or no answer all reject with TroubleError.
import type { TadaDocumentNode } from 'gql.tada';
import { graphqlClient } from './client.ts';
import { TroubleError, troubleOf } from './problem.ts';

interface ProblemShape {
  readonly code: string;
  readonly message: string;
  readonly field?: string | null;
}

type PayloadOf<Data> = Data[keyof Data];

/**
 * The one payload of a mutation document. Ask for `problem { code message field }` in it.
 * @throws TroubleError
 */
export async function mutate<Data extends object, Variables extends Record<string, unknown>>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<PayloadOf<Data>> {
  const { data, error } = await graphqlClient().mutation(document, variables).toPromise();
  if (error) throw new TroubleError(troubleOf(error));
  const payload = (Object.values(data ?? {}) as PayloadOf<Data>[])[0];
  if (!payload) throw new TroubleError({ code: 'INTERNAL', message: 'The server answered without a result.' });
  const problem = problemIn(payload);
  if (problem) throw new TroubleError(problem);
  return payload;
}

function problemIn(payload: unknown): ProblemShape | null {
  if (typeof payload !== 'object' || payload === null || !('problem' in payload)) return null;
  return payload.problem as ProblemShape | null;
}
