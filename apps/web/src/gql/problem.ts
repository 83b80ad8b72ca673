// One way to tell people what went wrong: problems of payloads, GraphQL errors and lost connections become one shape.
import { CombinedError } from '@urql/core';
import { toast } from 'sonner';

export interface Trouble {
  /** One of the schema's ErrorCode values, or OFFLINE where no answer came. */
  readonly code: string;
  /** One line for people. */
  readonly message: string;
  readonly field?: string | null;
}

/** Rejected with where a caller asked for data and got trouble. */
export class TroubleError extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble.message);
    this.name = 'TroubleError';
    this.trouble = trouble;
  }
}

interface RawError {
  readonly message: string;
  readonly extensions?: Record<string, unknown> | undefined;
}

export function graphqlErrors(errors: readonly RawError[]): TroubleError {
  const first = errors[0];
  const code = first?.extensions?.code;
  return new TroubleError({
    code: typeof code === 'string' ? code : 'INTERNAL',
    message: first?.message ?? 'The server answered with an error.',
  });
}

/** Whatever was thrown or answered, as trouble. */
export function troubleOf(cause: unknown): Trouble {
  if (cause instanceof TroubleError) return cause.trouble;
  if (cause instanceof CombinedError) {
    if (cause.graphQLErrors.length > 0) return graphqlErrors(cause.graphQLErrors).trouble;
    return {
      code: 'OFFLINE',
      message: 'The server does not answer. Your changes here are kept; try again in a moment.',
    };
  }
  // A socket answers an operation that it refuses with a list of GraphQL errors.
  if (isErrorList(cause)) return graphqlErrors(cause).trouble;
  if (cause instanceof Error) return { code: 'INTERNAL', message: cause.message };
  return { code: 'OFFLINE', message: 'The connection was lost. Your changes here are kept.' };
}

function isErrorList(cause: unknown): cause is readonly RawError[] {
  return Array.isArray(cause) && cause.every((one) => typeof one === 'object' && one !== null && 'message' in one);
}

/** Shows trouble as a toast; the same trouble shows once. */
export function showTrouble(what: string, cause: unknown): void {
  const { code, message } = troubleOf(cause);
  toast.error(what, { description: message, id: `${what}:${code}` });
}
