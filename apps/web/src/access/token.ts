// The token that this tab sends: that of a share link, or of an account. In local mode there is none.

const KEY = 'tessera.token';

export interface AccessToken {
  readonly kind: 'share' | 'account';
  readonly token: string;
}

/** Kept for the tab only: a share link opened in one tab must not change what another tab may do. */
export function readToken(): AccessToken | null {
  const stored = readStored(sessionStorage) ?? readStored(localStorage);
  return stored;
}

/** Accounts stay signed in over tabs; share links do not. */
export function keepToken(token: AccessToken): void {
  const store = token.kind === 'share' ? sessionStorage : localStorage;
  store.setItem(KEY, JSON.stringify(token));
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
  localStorage.removeItem(KEY);
}

export function authorization(): Record<string, string> {
  const token = readToken();
  return token ? { authorization: `Bearer ${token.token}` } : {};
}

function readStored(store: Storage): AccessToken | null {
  const text = store.getItem(KEY);
  if (!text) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('token' in value) || !('kind' in value)) return null;
    const { kind, token } = value;
    return typeof token === 'string' && (kind === 'share' || kind === 'account') ? { kind, token } : null;
  } catch {
    return null;
  }
}
