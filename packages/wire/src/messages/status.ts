// The status of a run. Latest event `status` of `topics.run`.
import { decodeOnce } from '@tessera/bus';
import { RUN_STATUSES, type StatusChanged } from '@tessera/protocol';
import { type ZodType, z } from 'zod';
import { id, whole } from './fields.ts';
import { pack, unpack } from './pack.ts';

const status: ZodType<StatusChanged> = z.strictObject({
  type: z.literal('status'),
  runId: id,
  seq: whole,
  status: z.enum(RUN_STATUSES),
  error: z.strictObject({ code: z.string(), message: z.string() }).exactOptional(),
});

export const encodeStatus = (message: StatusChanged): Uint8Array => pack(message);

/** The same bytes give the same object: do not change it. @throws WireFormatError */
export const decodeStatus = decodeOnce((data): StatusChanged => unpack('status of a run', status, data));
