// The WebSocket close codes of the graphql-transport-ws protocol, and what our page does about each.

export interface CloseCode {
  readonly code: number;
  readonly meaning: string;
  /** Whether a client may connect again by itself: false where the same attempt would end the same way. */
  readonly retry: boolean;
}

export const CLOSE_CODES = {
  internalServerError: { code: 4500, meaning: 'The server failed; nothing the client sent was wrong.', retry: true },
  internalClientError: { code: 4005, meaning: 'The client itself failed and left.', retry: false },
  badRequest: { code: 4400, meaning: 'A message was no valid protocol message, or was too large.', retry: false },
  badResponse: { code: 4004, meaning: 'The server sent what the client cannot read.', retry: false },
  unauthorized: {
    code: 4401,
    meaning: 'An operation came before the connection was acknowledged, or the token expired.',
    retry: false,
  },
  forbidden: {
    code: 4403,
    meaning: 'The token, the origin or the role was refused, or access was revoked.',
    retry: false,
  },
  subprotocolNotAcceptable: { code: 4406, meaning: 'The client speaks no subprotocol of this server.', retry: false },
  connectionInitialisationTimeout: { code: 4408, meaning: 'No connection_init came in time.', retry: true },
  connectionAcknowledgementTimeout: { code: 4504, meaning: 'The server did not acknowledge in time.', retry: true },
  subscriberAlreadyExists: { code: 4409, meaning: 'The id of a running operation was used again.', retry: false },
  tooManyInitialisationRequests: {
    code: 4429,
    meaning: 'connection_init came twice, or too many came from one address.',
    retry: false,
  },
} as const satisfies Record<string, CloseCode>;

export type CloseCodeName = keyof typeof CLOSE_CODES;

/** The name and meaning of a close code, or undefined where it is none of ours (1000, 1001, 1006 ...). */
export function closeCode(code: number): (CloseCode & { readonly name: CloseCodeName }) | undefined {
  for (const name of Object.keys(CLOSE_CODES) as CloseCodeName[]) {
    if (CLOSE_CODES[name].code === code) return { name, ...CLOSE_CODES[name] };
  }
  return undefined;
}
