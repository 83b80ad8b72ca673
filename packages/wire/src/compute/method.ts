// One compute request as it crosses the bus: `{ method, request }` as MessagePack, checked on arrival, and so its answer.
import { type ZodType, z } from 'zod';
import { check, pack, unpack } from '../messages/pack.ts';
import type { Compute } from './compute.ts';
import type { ComputeService } from './service.ts';

const envelope = z.strictObject({ method: z.string(), request: z.unknown() });

interface Definition<Q, A> {
  readonly name: keyof Compute;
  readonly service: ComputeService;
  readonly request: ZodType<Q>;
  readonly answer: ZodType<A>;
  readonly run: (compute: Compute, request: Q) => Promise<A>;
}

export interface Method<Q, A> {
  readonly name: keyof Compute;
  readonly service: ComputeService;
  encode(request: Q): Uint8Array;
  /** The answer to an encoded request. @throws WireFormatError for a request that is none; whatever `compute` throws */
  handle(compute: Compute, request: unknown): Promise<Uint8Array>;
  /** @throws WireFormatError */
  decode(answer: Uint8Array): A;
}

export function method<Q, A>({ name, service, request, answer, run }: Definition<Q, A>): Method<Q, A> {
  return {
    name,
    service,
    encode: (value) => pack({ method: name, request: value }),
    handle: async (compute, value) => pack(await run(compute, check(`request to ${name}`, request, value))),
    decode: (data) => unpack(`answer of ${name}`, answer, data),
  };
}

/** @throws WireFormatError */
export function openEnvelope(data: Uint8Array): { readonly method: string; readonly request?: unknown } {
  return unpack('compute request', envelope, data);
}
