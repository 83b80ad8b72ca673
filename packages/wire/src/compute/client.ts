// Compute over the bus: what the API holds. Any worker may answer.
import { BusError, CallFailedError, type Calls, CallTooLargeError } from '@tessera/bus';
import type { TokenData } from '@tessera/protocol';
import { WireFormatError } from '../errors.ts';
import { chunks } from './chunks.ts';
import type { Compute } from './compute.ts';
import { COMPUTE_ERROR_CODES, ComputeError } from './compute-error.ts';
import { COMPUTE_LIMITS as LIMITS } from './limits.ts';
import type { Method } from './method.ts';
import { decode, embedPictures, embedTexts, encode, models, perturb } from './methods.ts';
import { COMPUTE_SERVICES } from './service.ts';

/** Told at once, unlike a worker that is there and slow. */
const NO_WORKER = 'No worker is connected; start one (TESSERA_WORKER=on, or npm start -w apps/worker), and try again.';

export interface ComputeClientOptions {
  /** ms until a request without an answer is UNAVAILABLE; long lists are several requests. Default: COMPUTE_LIMITS. */
  readonly timeoutMs?: number;
}

/** Long lists go as several requests, one after the other, so that other callers come in between. */
export function computeClient(
  calls: Pick<Calls, 'call' | 'served'>,
  { timeoutMs = LIMITS.timeoutMs.value }: ComputeClientOptions = {},
): Compute {
  const ask = async <Q, A>(method: Method<Q, A>, request: Q, patienceMs = timeoutMs): Promise<A> => {
    try {
      const answer = await calls.call(COMPUTE_SERVICES[method.service], method.encode(request), {
        timeoutMs: patienceMs,
      });
      return method.decode(answer);
    } catch (error) {
      throw asComputeError(error);
    }
  };
  const isServed = () =>
    calls.served(COMPUTE_SERVICES.quick).catch((error: unknown) => {
      throw asComputeError(error);
    });
  const inParts = async <T, A>(
    items: readonly T[],
    sizeOf: (item: T) => number,
    count: number,
    askPart: (part: T[]) => Promise<A[]>,
  ): Promise<A[]> => {
    const answers: A[] = [];
    for (const part of chunks(items, count, LIMITS.pictureBytes.value, sizeOf)) answers.push(...(await askPart(part)));
    return answers;
  };
  const atOnce = LIMITS.picturesPerRequest.value;
  const sizeOfTokens = ({ data }: TokenData) => data.byteLength;
  return {
    models: async () => {
      if (!(await isServed())) throw new ComputeError('UNAVAILABLE', NO_WORKER);
      return ask(models, {}, Math.min(timeoutMs, LIMITS.listTimeoutMs.value));
    },
    decode: (tokenizer, tokens, options = {}) =>
      inParts(tokens, sizeOfTokens, atOnce, (part) => ask(decode, { tokenizer, tokens: part, options })),
    encode: (tokenizer, picture) => ask(encode, { tokenizer, picture }),
    embedTexts: (model, texts) =>
      inParts(
        texts,
        ({ length }) => length,
        LIMITS.textsPerRequest.value,
        (part) => ask(embedTexts, { model, texts: part }),
      ),
    embedPictures: (model, pictures) =>
      inParts(
        pictures,
        ({ length }) => length,
        atOnce,
        (part) => ask(embedPictures, { model, pictures: part }),
      ),
    perturb: (from, position, options) => ask(perturb, { from, position, options }),
  };
}

function asComputeError(error: unknown): unknown {
  if (error instanceof CallFailedError) {
    const code = COMPUTE_ERROR_CODES.find((known) => known === error.reason) ?? 'INTERNAL';
    return new ComputeError(code, error.message, { cause: error });
  }
  if (error instanceof CallTooLargeError) return new ComputeError('TOO_LARGE', error.message, { cause: error });
  if (error instanceof WireFormatError) {
    const message = 'A worker of another version answered; run the same version everywhere.';
    return new ComputeError('INTERNAL', message, { cause: error });
  }
  if (!(error instanceof BusError)) return error;
  return new ComputeError('UNAVAILABLE', 'No worker answered in time; see that one is running, and try again.', {
    cause: error,
  });
}
