// What a worker puts on the bus: its Compute, for whoever asks.
import { CallFailedError, type CallHandler, type CallServer, type Calls } from '@tessera/bus';
import { WireFormatError } from '../errors.ts';
import type { Compute } from './compute.ts';
import { ComputeError } from './compute-error.ts';
import { COMPUTE_LIMITS as LIMITS } from './limits.ts';
import { openEnvelope } from './method.ts';
import { METHODS } from './methods.ts';
import { COMPUTE_SERVICES, type ComputeService } from './service.ts';

export interface ServeComputeOptions {
  /** Requests at a time. Default: COMPUTE_LIMITS. */
  readonly concurrency?: number;
  /** Of those that take seconds (perturb), beside the others. Default: COMPUTE_LIMITS. */
  readonly longConcurrency?: number;
  /** Told of what is no ComputeError; callers see INTERNAL. */
  readonly onError?: (error: unknown) => void;
}

/** Closing takes no more requests and answers those that were taken; `compute` stays open. */
export function serveCompute(
  calls: Pick<Calls, 'serve'>,
  compute: Compute,
  options: ServeComputeOptions = {},
): CallServer {
  const { concurrency = LIMITS.concurrency.value, longConcurrency = LIMITS.longConcurrency.value, onError } = options;
  const told = onError && { onError };
  const servers = [
    calls.serve(COMPUTE_SERVICES.quick, handlerOf(compute, 'quick'), { concurrency, ...told }),
    calls.serve(COMPUTE_SERVICES.long, handlerOf(compute, 'long'), { concurrency: longConcurrency, ...told }),
  ];
  const close = async () => {
    await Promise.all(servers.map((server) => server.close()));
  };
  return { close, [Symbol.asyncDispose]: close };
}

function handlerOf(compute: Compute, service: ComputeService): CallHandler {
  const methods = new Map(METHODS.filter((row) => row.service === service).map((row) => [row.name as string, row]));
  return async (payload) => {
    try {
      const { method, request } = openEnvelope(payload);
      const row = methods.get(method);
      if (!row) throw new ComputeError('UNSUPPORTED', `This worker knows no request ${method}; run one version.`);
      return await row.handle(compute, request);
    } catch (error) {
      if (error instanceof ComputeError) throw new CallFailedError(error.code, error.message);
      if (error instanceof WireFormatError) throw new CallFailedError('BAD_INPUT', error.problem);
      throw error;
    }
  };
}
