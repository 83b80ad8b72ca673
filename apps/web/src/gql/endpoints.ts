// Where the server is: the page's own origin, or the one named when the page was built for development.

const built = process.env.TESSERA_API_ORIGIN ?? '';

/** HTTP always goes to the page's own origin; in development Next passes it on. */
export const HTTP_ENDPOINT = '/graphql';

/** The WebSocket goes to the API itself, because a proxy in between would swallow close codes. */
export function socketEndpoint(): string {
  const url = new URL('/graphql', built || window.location.origin);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
