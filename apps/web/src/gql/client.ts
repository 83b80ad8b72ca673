// The GraphQL client: queries and mutations over HTTP, subscriptions over the socket.
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core';
import { accessHeaders } from '../access/token.ts';
import { fetchById } from './by-id.ts';
import { HTTP_ENDPOINT } from './endpoints.ts';
import { overSocket } from './over-socket.ts';

/** False while the server renders. */
const rendersHere = typeof window !== 'undefined';

export function createGraphqlClient(): Client {
  return new Client({
    url: HTTP_ENDPOINT,
    preferGetMethod: false,
    // Signals (`runsChanged`, `workspaceChanged`) tell when to look again; the cache only saves a wait meanwhile.
    requestPolicy: 'cache-and-network',
    fetchOptions: () => ({ headers: rendersHere ? accessHeaders() : {}, credentials: 'same-origin' }),
    // Pages are rendered without data; the browser asks with its own token.
    fetch: rendersHere ? fetchById : () => new Promise<Response>(() => {}),
    exchanges: [cacheExchange, fetchExchange, subscriptions],
  });
}

const subscriptions = subscriptionExchange({
  forwardSubscription: ({ query = '', variables }) => ({
    subscribe: (sink) => ({
      unsubscribe: !rendersHere
        ? () => {}
        : overSocket<unknown>(query, () => variables ?? {}, {
            next: ({ data, errors }) => sink.next({ data: data ?? null, ...(errors && { errors: [...errors] }) }),
            error: (cause) => sink.error(cause),
            complete: () => sink.complete(),
          }),
    }),
  }),
});

let shared: Client | undefined;

/** The client of this tab. */
export function graphqlClient(): Client {
  shared ??= createGraphqlClient();
  return shared;
}
