// A step of a run: metrics and tokens, without the picture. Lossless events of `topics.run`.
import { decodeOnce } from '@tessera/bus';
import { type StepHappened, seqOfStep } from '@tessera/protocol';
import { type ZodType, z } from 'zod';
import { float32, id, number, tokens, whole } from './fields.ts';
import { pack, unpack } from './pack.ts';

const object = z.custom<object>(
  (value) => typeof value === 'object' && value !== null && !ArrayBuffer.isView(value),
  'must be an object',
);

const step: ZodType<StepHappened> = z
  .strictObject({
    type: z.literal('step'),
    runId: id,
    seq: whole,
    step: z.strictObject({
      step: whole,
      loss: number,
      regularisation: number,
      terms: z.array(
        z.strictObject({
          kind: z.string(),
          loss: number,
          weight: number,
          similarity: number.exactOptional(),
          negativeSimilarity: number.exactOptional(),
        }),
      ),
      gradientNorms: float32,
      tokens,
      changed: z.array(whole),
      score: number.exactOptional(),
      skipped: z.boolean(),
      steering: z.array(object),
    }),
  })
  .refine((message) => message.seq === seqOfStep(message.step.step), 'seq does not belong to the step');

export const encodeStep = (message: StepHappened): Uint8Array => pack(message);

/** The same bytes give the same object: do not change it. @throws WireFormatError */
export const decodeStep = decodeOnce((data): StepHappened => unpack('step', step, data));
