// What a route answers when something is wrong: JSON with a stable code and one line, never a stack.
import { problemOf } from '@tessera/schema';
import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from '../log.ts';

const STATUS: Readonly<Record<string, number>> = {
  BAD_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  EXPIRED: 410,
  TOO_LARGE: 413,
  UNSUPPORTED: 415,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
};

export function answerError(res: Response, code: string, message: string): void {
  if (res.headersSent) return void res.destroy();
  const status = STATUS[code] ?? 500;
  res.status(status).setHeader('cache-control', 'no-store');
  res.json({ error: { code, message } });
}

/** The last handler: errors of routes and of the body parsers. */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, _req, res, _next) => {
    const problem = problemOf(error) ?? parserProblem(error);
    if (problem) return answerError(res, problem.code, problem.message);
    log.error({ err: error }, 'a request failed');
    answerError(res, 'INTERNAL', 'The server failed; the details are in its log.');
  };
}

/** The body parser's errors carry an HTTP status. */
function parserProblem(error: unknown): { readonly code: string; readonly message: string } | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  if (error.status === 413) return { code: 'TOO_LARGE', message: 'The request is too large; pictures go by upload.' };
  if (typeof error.status === 'number' && error.status >= 400 && error.status < 500) {
    return { code: 'BAD_INPUT', message: 'The request cannot be read; send JSON in UTF-8.' };
  }
  return undefined;
}
