// What this tab proves itself with: the token of an account, the token of a share link, or neither (local mode).

/** Of the account; over all tabs of this browser. */
const ACCOUNT_KEY = 'tessera.token';
/** Of a share link; for this tab only: a link opened in one tab must not change what another tab shows. */
const SHARE_KEY = 'tessera.share';

export interface Tokens {
  readonly account: string | null;
  readonly share: string | null;
}

export function readTokens(): Tokens {
  return { account: localStorage.getItem(ACCOUNT_KEY), share: sessionStorage.getItem(SHARE_KEY) };
}

export function keepAccountToken(token: string): void {
  localStorage.setItem(ACCOUNT_KEY, token);
}

export function keepShareToken(token: string): void {
  sessionStorage.setItem(SHARE_KEY, token);
}

export function forgetAccountToken(): void {
  localStorage.removeItem(ACCOUNT_KEY);
}

export function forgetShareToken(): void {
  sessionStorage.removeItem(SHARE_KEY);
}

/** For HTTP. Never a cookie: other pages could make a browser send it. */
export function accessHeaders(): Record<string, string> {
  const { account, share } = readTokens();
  return { ...(account && { authorization: `Bearer ${account}` }), ...(share && { 'x-tessera-share': share }) };
}

/** For `connection_init`. */
export function connectionPayload(): Record<string, string> {
  const { account, share } = readTokens();
  return { ...(account && { token: account }), ...(share && { share }) };
}
