// The account endpoints of the server (better-auth, email and password).
import { keepAccountToken } from '../../access/token.ts';

export interface Credentials {
  readonly email: string;
  readonly password: string;
  readonly name: string;
}

/** Null when it worked, else what to tell. */
export const signIn = ({ email, password }: Credentials) => post('sign-in/email', { email, password });
export const signUp = ({ email, password, name }: Credentials) => post('sign-up/email', { email, password, name });

async function post(path: string, body: Record<string, string>): Promise<string | null> {
  try {
    const response = await fetch(`/api/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      credentials: 'same-origin',
      body: JSON.stringify(body),
    });
    const answer: unknown = await response.json().catch(() => null);
    if (!response.ok) return messageIn(answer) ?? `The server refused it (${response.status}).`;
    // The WebSocket is not opened with cookies alone: it sends this token.
    const token = response.headers.get('set-auth-token') ?? textAt(answer, 'token');
    if (token) keepAccountToken(token);
    return null;
  } catch {
    return 'The server does not answer. Try again in a moment.';
  }
}

function textAt(value: unknown, key: string): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const found = (value as Record<string, unknown>)[key];
  return typeof found === 'string' ? found : null;
}

const messageIn = (answer: unknown) => textAt(answer, 'message');
