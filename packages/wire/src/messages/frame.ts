// The newest picture of a run. Latest event `frame` of `topics.run`.
import { decodeOnce } from '@tessera/bus';
import type { FrameMessage } from '@tessera/protocol';
import { type ZodType, z } from 'zod';
import { bytes, format, id, sha256, whole } from './fields.ts';
import { pack, unpack } from './pack.ts';

const frame: ZodType<FrameMessage> = z.strictObject({
  runId: id,
  seq: whole,
  format,
  size: z.int().min(1),
  bytes,
  sha256,
});

export const encodeFrameMessage = (message: FrameMessage): Uint8Array => pack(message);

/** `bytes` is a view of `data`. The same bytes give the same object: do not change it. @throws WireFormatError */
export const decodeFrameMessage = decodeOnce((data): FrameMessage => unpack('frame', frame, data));
