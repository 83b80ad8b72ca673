// Why a compute request was not answered, with one of the codes that reach clients.
import type { ErrorCode } from '@tessera/protocol';

export const COMPUTE_ERROR_CODES = [
  'NOT_FOUND',
  'BAD_INPUT',
  'TOO_LARGE',
  'UNSUPPORTED',
  'UNAVAILABLE',
  'INTERNAL',
] as const satisfies readonly ErrorCode[];
export type ComputeErrorCode = (typeof COMPUTE_ERROR_CODES)[number];

/**
 * `NOT_FOUND`: no such model, or it is not installed. `BAD_INPUT`: tokens, picture or option that do not fit. `TOO_LARGE`: over
 * a limit. `UNSUPPORTED`: a file of a kind that is not taken in, or a model that cannot do this. `UNAVAILABLE`: no worker
 * answered in time; try again. `INTERNAL`: the worker failed; its log has the details.
 */
export class ComputeError extends Error {
  readonly code: ComputeErrorCode;

  constructor(code: ComputeErrorCode, message: string, options?: ErrorOptions) {
    super(message.replace(/\s*[\r\n]+\s*/g, ' '), options);
    this.name = new.target.name;
    this.code = code;
  }
}
