// Errors as clients see them, the same on HTTP and WebSocket: a stable code, and no word of what failed inside.
import { randomUUID } from 'node:crypto';
import { PothosValidationError } from '@pothos/core';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { problemOf } from './errors.ts';

/** Told of every error that clients did not cause; `id` is all they are given of it. */
export type OnInternalError = (id: string, error: unknown) => void;

/** A function for Apollo's `formatError` and graphql-ws' `onError` and `onNext`. */
export function errorFormatter(onInternal: OnInternalError): (error: unknown) => GraphQLFormattedError {
  return (error) => {
    const graphql = error instanceof GraphQLError ? error : undefined;
    const cause = graphql ? innermost(graphql) : error;
    const where = {
      ...(graphql?.locations && { locations: graphql.locations }),
      ...(graphql?.path && { path: graphql.path }),
    };
    const problem = problemOf(cause);
    if (problem) {
      const { code, message, field } = problem;
      return { message, ...where, extensions: { code, ...(field !== undefined && { field }) } };
    }
    // The library's own: a document that cannot be parsed or fits no schema, a variable of the wrong type, an unreadable id.
    if (cause instanceof PothosValidationError || (cause instanceof GraphQLError && isOfRequest(cause))) {
      const extensions = cause instanceof GraphQLError ? cause.extensions : {};
      return { message: cause.message, ...where, extensions: { ...extensions, code: extensions.code ?? 'BAD_INPUT' } };
    }
    const id = randomUUID();
    onInternal(id, cause);
    return {
      message: `The server failed; the details are in its log under ${id}.`,
      ...where,
      extensions: { code: 'INTERNAL', id },
    };
  };
}

function innermost(error: GraphQLError): Error {
  return error.originalError instanceof GraphQLError ? innermost(error.originalError) : (error.originalError ?? error);
}

/** Its words while a field is resolved are about our values, but for those that carry a code, or are about an argument. */
function isOfRequest({ extensions, path, message }: GraphQLError): boolean {
  return extensions.code !== undefined || path === undefined || message.startsWith('Argument ');
}
