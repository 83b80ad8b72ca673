// The stable codes of errors that reach a client. A code never changes its meaning; messages may be reworded.

export const ERROR_CODES = {
  BAD_INPUT: 'A value is out of range, of the wrong shape or not allowed.',
  UNAUTHENTICATED: 'Nobody is signed in, or the token is not valid any more.',
  FORBIDDEN: 'The role does not include this.',
  NOT_FOUND: 'There is no such thing, or it belongs to another workspace.',
  CONFLICT: 'Another change came first, or the name is taken.',
  IDEMPOTENCY_CONFLICT: 'The idempotency key was used with another body.',
  RUN_STATE: 'The run is in a state that does not allow this.',
  FENCED: 'Another worker holds the run.',
  QUOTA: 'A quota is used up; wait, or cancel something.',
  RATE_LIMITED: 'Too many requests; wait.',
  TOO_LARGE: 'The input is over a size limit.',
  QUERY_TOO_COSTLY: 'The document is over a depth, alias, token or cost limit.',
  EXPIRED: 'The link, upload or invitation is over.',
  UNSUPPORTED: 'The file or option is of a kind that is not taken in.',
  UNAVAILABLE: 'A part that is needed is down; try again.',
  INTERNAL: 'The server failed; the details are in its log.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;
