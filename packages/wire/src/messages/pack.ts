// Values to bytes and back: MessagePack, with typed arrays kept as such and every size bounded.
import { Decoder, Encoder, ExtensionCodec } from '@msgpack/msgpack';
import type { ZodError, ZodType } from 'zod';
import { WireFormatError } from '../errors.ts';

/** A claim of a length above these is refused before anything is allocated for it. */
const LARGEST = { maxStrLength: 1 << 20, maxBinLength: 1 << 28, maxExtLength: 1 << 28, maxArrayLength: 1 << 16 };

const INT32 = 1;
const FLOAT32 = 2;

/** Extension types 1 and 2: int32 and float32 arrays, little endian as every machine that runs this. */
const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: INT32,
  encode: (value) => (value instanceof Int32Array ? bytesOf(value) : null),
  decode: (data) => new Int32Array(words(data)),
});
extensionCodec.register({
  type: FLOAT32,
  encode: (value) => (value instanceof Float32Array ? bytesOf(value) : null),
  decode: (data) => new Float32Array(words(data)),
});

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** A copy, because a view of words must start at a multiple of four. */
function words(data: Uint8Array): ArrayBuffer {
  if (data.length % 4 !== 0) throw new RangeError(`an array of 4-byte numbers has ${data.length} bytes`);
  return new Uint8Array(data).buffer;
}

const encoder = new Encoder({ extensionCodec, ignoreUndefined: true });
const decoder = new Decoder({ extensionCodec, ...LARGEST, maxMapLength: 1 << 16 });

export function pack(value: unknown): Uint8Array<ArrayBuffer> {
  return encoder.encode(value);
}

/** Byte fields of the result are views of `data`. @throws WireFormatError that names `expected` */
export function unpack<T>(expected: string, schema: ZodType<T>, data: Uint8Array): T {
  let value: unknown;
  try {
    // Redis hands out Buffers; what is cut from a Buffer would be one too.
    value = decoder.decode(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  } catch (error) {
    throw new WireFormatError(expected, error instanceof Error ? error.message : String(error), error);
  }
  return check(expected, schema, value);
}

/** @throws WireFormatError that names `expected` */
export function check<T>(expected: string, schema: ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new WireFormatError(expected, inWords(parsed.error), parsed.error);
  return parsed.data;
}

function inWords({ issues }: ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`).join('; ');
}
