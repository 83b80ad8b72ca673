// Fields that several messages share.
import { FRAME_FORMATS, type TokenData } from '@tessera/protocol';
import { type ZodType, z } from 'zod';

export const id = z.string().min(1).max(200);
export const whole = z.int().min(0);
/** Any number: a loss may be NaN or infinite. */
export const number = z.custom<number>((value) => typeof value === 'number', 'must be a number');
export const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be bytes');
export const float32 = z.custom<Float32Array>((value) => value instanceof Float32Array, 'must be float32 numbers');
export const int32 = z.custom<Int32Array>((value) => value instanceof Int32Array, 'must be int32 numbers');
export const format = z.enum(FRAME_FORMATS);
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal');

export const tokens: ZodType<TokenData> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('indices'), data: int32 }),
  z.strictObject({ kind: z.literal('vectors'), data: float32 }),
]);
