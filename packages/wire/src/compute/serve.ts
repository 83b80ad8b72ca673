// What a worker puts on the bus: its Compute, for whoever asks.
import { CallFailedError, type CallHandler, type CallServer, type Calls } from '@tessera/bus';
import { WireFormatError } from '../errors.ts';
import type { Compute } from './compute.ts';
import { ComputeError } from './compute-error.ts';
import { COMPUTE_LIMITS as LIMITS } from './limits.ts';
import { openEnvelope } from './method.ts';
import { METHODS } from './methods.ts';
import { COMPUTE_SERVICE } from './service.ts';

export interface ServeComputeOptions {
  /** Requests at a time. Default: COMPUTE_LIMITS. */
  readonly concurrency?: number;
  /** Told of what is no ComputeError; callers see INTERNAL. */
  readonly onError?: (error: unknown) => void;
}

export function serveCompute(
  calls: Pick<Calls, 'serve'>,
  compute: Compute,
  { concurrency = LIMITS.concurrency.value, onError }: ServeComputeOptions = {},
): CallServer {
  const handler: CallHandler = async (payload) => {
    try {
      const { method, request } = openEnvelope(payload);
      const handle = METHODS.get(method);
      if (!handle) throw new ComputeError('UNSUPPORTED', `This worker knows no request ${method}; run one version.`);
      return await handle(compute, request);
    } catch (error) {
      if (error instanceof ComputeError) throw new CallFailedError(error.code, error.message);
      if (error instanceof WireFormatError) throw new CallFailedError('BAD_INPUT', error.problem);
      throw error;
    }
  };
  return calls.serve(COMPUTE_SERVICE, handler, { concurrency, ...(onError && { onError }) });
}
