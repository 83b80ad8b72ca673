// Ids instead of texts: a built page names its documents by the SHA-256 of what it would send; the server has them from the
// manifest that the page's build wrote (`scripts/manifest.ts`).

/** In development documents change as they are written. */
const SENDS_IDS = process.env.NODE_ENV === 'production';

/** Without https only names of this machine may hash; texts are sent then. */
const canHash = (): boolean => SENDS_IDS && typeof crypto !== 'undefined' && crypto.subtle !== undefined;

const ids = new Map<string, string>();
/** Documents that this server does not know, for instance because it is of another version than this tab. */
const foreign = new Set<string>();

/** At once where it was asked before; undefined where the text is to be sent. */
export function idOf(text: string): string | undefined | Promise<string> {
  if (foreign.has(text) || !canHash()) return undefined;
  return ids.get(text) ?? hash(text);
}

/** From now on the text is sent. */
export function sendText(text: string): void {
  foreign.add(text);
}

async function hash(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  const id = Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
  ids.set(text, id);
  return id;
}

/** `extensions` of a request that names its document. */
export const named = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });

interface Refusal {
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** Whether the server says that it has no document of this name. */
export const isUnknown = (errors: unknown): boolean =>
  Array.isArray(errors) && (errors as Refusal[])[0]?.extensions?.reason === 'PERSISTED_QUERY_NOT_FOUND';

/** `fetch` for the GraphQL client. */
export const fetchById: typeof fetch = async (input, init) => {
  const { query, ...rest } = JSON.parse(String(init?.body)) as { query: string } & Record<string, unknown>;
  const id = await idOf(query);
  if (id === undefined) return fetch(input, init);
  const response = await fetch(input, { ...init, body: JSON.stringify({ ...rest, extensions: named(id) }) });
  if (response.status !== 400 || !isUnknown((await response.clone().json()).errors)) return response;
  sendText(query);
  return fetch(input, init);
};
