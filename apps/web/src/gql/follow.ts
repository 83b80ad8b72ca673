// Subscriptions that go on where they stopped, and operations over the socket.
import type { TadaDocumentNode } from 'gql.tada';
import type { FormattedExecutionResult } from 'graphql-ws';
import { overSocket } from './over-socket.ts';
import { patiently } from './patiently.ts';
import { print } from './print.ts';
import { graphqlErrors } from './problem.ts';

export interface Follower<Data> {
  readonly next: (data: Data) => void;
  readonly error?: (cause: unknown) => void;
  readonly complete?: () => void;
}

/**
 * Follows a subscription over lost connections and while the server cannot serve it. `variables` is asked anew before every (re)connection, so that it can say
 * what was seen last. Returns how to stop.
 */
export function follow<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: () => Variables,
  follower: Follower<Data>,
): () => void {
  const text = print(document);
  const failed = (cause: unknown) => follower.error?.(cause);
  const begin = (onError: (cause: unknown) => void) =>
    overSocket<Data>(text, variables as () => Record<string, unknown>, {
      next: ({ data, errors }) => {
        if (errors) failed(graphqlErrors(errors));
        else if (data) follower.next(data);
      },
      error: onError,
      complete: () => follower.complete?.(),
    });
  return patiently(begin, failed);
}

/** One query or mutation over the socket: for what is sent many times a second. */
export function sendOverSocket<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  return new Promise<Data>((resolve, reject) => {
    let answer: FormattedExecutionResult<Data, unknown> | undefined;
    overSocket<Data>(print(document), () => variables as Record<string, unknown>, {
      next: (value) => {
        answer = value;
      },
      error: reject,
      complete: () => {
        if (answer?.errors) reject(graphqlErrors(answer.errors));
        else if (answer?.data) resolve(answer.data);
        else reject(new Error('The server closed the operation without an answer; it is safe to try again.'));
      },
    });
  });
}
