// The safetensors reader: what it accepts, and every way a file can be wrong, by message.

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CheckpointFormatError,
  CheckpointOpenError,
  MissingTensorError,
  TensorShapeError,
  TensorTypeError,
} from '../../src/checkpoints/errors.ts';
import { openSafetensors, parseSafetensors, readSafetensors } from '../../src/checkpoints/safetensors.ts';
import { saveSafetensors, TensorDataError, writeSafetensors } from '../../src/checkpoints/safetensors-writer.ts';
import { countingSource } from '../support/source.ts';

/** A file from header text and data length, as an attacker would make it. */
function file(header: string | Uint8Array, dataBytes = 0, claim?: bigint): Uint8Array {
  const json = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, claim ?? BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

function messageOf(bytes: Uint8Array, limits = {}): string {
  try {
    parseSafetensors(bytes, 'x', limits);
  } catch (error) {
    if (error instanceof CheckpointFormatError) return error.message;
    throw error;
  }
  return 'accepted';
}

const one = (field: string) => `{"a":{${field}}}`;
const good = '"dtype":"F32","shape":[2],"data_offsets":[0,8]';

describe('what is wrong with a header', () => {
  const cases: [string, Uint8Array, RegExp][] = [
    ['too short for a length', new Uint8Array(5), /has 5 bytes: .* 8 bytes of header length/],
    ['header over the limit', file('{}', 0, 2n ** 40n), /claims 1099511627776 bytes: at most 4194304/],
    ['header beyond the file', file('{}', 0, 200n), /claims 200 bytes, the file has 2 .*truncated/],
    ['length with the top bit', file('{}', 0, 2n ** 63n), /at most/],
    ['no JSON', file('hello'), /does not start with "\{"/],
    ['an array', file('[]'), /does not start with "\{"/],
    ['leading space', file(' {}'), /does not start with "\{"/],
    ['byte order mark', file(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d)), /does not start with "\{"/],
    ['cut JSON', file('{"a":'), /not strict JSON \(unexpected character at character 5\)/],
    ['trailing text', file('{}x'), /text after the value/],
    ['trailing comma', file(`{"a":{${good}},}`, 8), /not strict JSON/],
    ['duplicate tensors', file(`{"a":{${good}},"a":{${good}}}`, 8), /duplicate key "a"/],
    ['duplicates by escape', file(`{"a":{${good}},"\\u0061":{${good}}}`, 8), /duplicate key "a"/],
    ['duplicate fields', file(one(`${good},"dtype":"F32"`), 8), /duplicate key "dtype"/],
    ['__proto__', file(`{"__proto__":{${good}}}`, 8), /key "__proto__"/],
    ['__proto__ inside', file(one(`${good},"__proto__":1`), 8), /key "__proto__"/],
    ['invalid UTF-8', file(Uint8Array.of(0x7b, 0xff, 0x7d)), /not valid UTF-8/],
    ['lone surrogate', file(`{"\\ud800":{${good}}}`, 8), /lone surrogate/],
    ['deep nesting', file(`{"a":${'['.repeat(100_000)}`), /nesting over 4 levels/],
    ['tensor is no object', file('{"a":[1]}'), /tensor "a" is described by no object/],
    ['unknown field', file(one(`${good},"x":1`), 8), /unknown field "x"/],
    ['unknown dtype', file(one('"dtype":"F99","shape":[2],"data_offsets":[0,8]'), 8), /dtype "F99": one of BOOL/],
    [
      'inherited name as dtype',
      file(one('"dtype":"toString","shape":[2],"data_offsets":[0,8]'), 8),
      /dtype "toString"/,
    ],
    ['dtype no text', file(one('"dtype":7,"shape":[2],"data_offsets":[0,8]'), 8), /dtype of no string/],
    ['negative dimension', file(one('"dtype":"F32","shape":[-2],"data_offsets":[0,8]'), 8), /shape that is no list/],
    ['fractional dimension', file(one('"dtype":"F32","shape":[2.5],"data_offsets":[0,8]'), 8), /shape that is no list/],
    ['2.0 is no count', file(one('"dtype":"F32","shape":[2.0],"data_offsets":[0,8]'), 8), /shape that is no list/],
    [
      'dimension over 2^53',
      file(one('"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,8]'), 8),
      /shape that is no list/,
    ],
    [
      'overflowing product',
      file(one('"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]'), 8),
      /takes more than 2\^53 bytes/,
    ],
    [
      'too many dimensions',
      file(one(`"dtype":"F32","shape":[${'1,'.repeat(8)}2],"data_offsets":[0,8]`), 8),
      /9 dimensions: at most 8/,
    ],
    ['offsets swapped', file(one('"dtype":"F32","shape":[2],"data_offsets":[8,0]'), 8), /bad data_offsets/],
    ['three offsets', file(one('"dtype":"F32","shape":[2],"data_offsets":[0,8,8]'), 8), /bad data_offsets/],
    ['no offsets', file(one('"dtype":"F32","shape":[2]'), 8), /bad data_offsets/],
    [
      'size differs from shape',
      file(one('"dtype":"F16","shape":[2],"data_offsets":[0,8]'), 8),
      /takes 8 bytes: F16 of shape \[2\] takes 4 bytes/,
    ],
    ['truncated data', file(one(good), 7), /ends 1 bytes too early \(truncated\)/],
    ['bytes at the end', file(one(good), 9), /1 bytes after the last tensor/],
    [
      'hole at the start',
      file(one('"dtype":"F32","shape":[2],"data_offsets":[4,12]'), 12),
      /4 bytes before tensor "a"/,
    ],
    [
      'hole between',
      file(`{"a":{${good}},"b":{"dtype":"U8","shape":[1],"data_offsets":[9,10]}}`, 10),
      /1 bytes before tensor "b"/,
    ],
    [
      'overlap',
      file(`{"a":{${good}},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}`, 12),
      /overlaps the one before it by 4 bytes/,
    ],
    ['metadata no object', file('{"__metadata__":[]}'), /`__metadata__` is no object/],
    ['metadata value no text', file('{"__metadata__":{"k":1}}'), /entry "k" is no string/],
    ['very long name', file(`{"${'n'.repeat(600)}":{${good}}}`, 8), /name of 600 characters: at most 512/],
  ];
  it.each(cases)('%s', (_, bytes, pattern) => {
    const message = messageOf(bytes);
    expect(message).toMatch(pattern);
    expect(message).not.toContain('\n');
  });

  it('too many tensors', () => {
    const header = `{${Array.from({ length: 5 }, (_, i) => `"t${i}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`)}}`;
    expect(messageOf(file(header), { tensors: 4 })).toMatch(/more than 4 tensors/);
    expect(messageOf(file(header), { tensors: 5 })).toBe('accepted');
  });

  it('shows a hostile name on one line', () => {
    const message = messageOf(file(`{"a\\nb\\u001b[31m":{"dtype":1}}`));
    expect(message).toContain('tensor "a\\nb\\u001b[31m"');
    expect(message).not.toContain('\n');
  });
});

describe('what is read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-safetensors-'));
  const path = join(folder, 'model.safetensors');
  const values = Float32Array.of(1.5, -2, 3e-8, 65504, 7, 8);
  beforeAll(() =>
    saveSafetensors(
      path,
      {
        odd: { shape: [3], data: Uint8Array.of(1, 2, 255) },
        'layer.weight': { shape: [2, 3], data: values },
        indices: { shape: [2], data: Int32Array.of(-1, 4095) },
        wide: { shape: [2], data: BigInt64Array.of(5n, 2n ** 40n) },
        double: { shape: [], data: Float64Array.of(Math.PI) },
        empty: { shape: [0, 4], data: new Float32Array(0) },
      },
      { prompt: 'a "red" café', steps: '3' },
    ),
  );
  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads values, metadata, entries and the digest of a written file', async () => {
    using checkpoint = await openSafetensors(path);
    expect([...checkpoint.metadata]).toEqual([
      ['prompt', 'a "red" café'],
      ['steps', '3'],
    ]);
    expect(checkpoint.read('layer.weight')).toEqual(values);
    expect(checkpoint.read('double')).toEqual(Float32Array.of(Math.PI));
    expect(checkpoint.read('empty').length).toBe(0);
    expect([...checkpoint.readIntegers('indices')]).toEqual([-1, 4095]);
    expect([...checkpoint.readIntegers('odd')]).toEqual([1, 2, 255]);
    const entry = checkpoint.tensor('layer.weight', [2, 3]);
    expect(entry).toMatchObject({ dtype: 'F32', length: 24 });
    expect(entry.offset % 4).toBe(0);
    const { readFileSync } = await import('node:fs');
    const bytes = readFileSync(path);
    expect(bytes.readFloatLE(entry.offset + 4)).toBe(-2);
    expect(await checkpoint.sha256()).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('resolves symbolic links to the real path', async () => {
    const link = join(folder, 'link.safetensors');
    symlinkSync(path, link);
    using checkpoint = await openSafetensors(link);
    using direct = await openSafetensors(path);
    expect(checkpoint.path).toBe(direct.path);
    expect(checkpoint.path.endsWith('model.safetensors')).toBe(true);
  });

  it('says which tensor is missing and which names are near', async () => {
    using checkpoint = await openSafetensors(path);
    expect(() => checkpoint.tensor('layer.weigth')).toThrow(MissingTensorError);
    expect(() => checkpoint.tensor('layer.weigth')).toThrow(
      /"layer.weigth" is missing: the nearest names are "layer.weight"/,
    );
    expect(() => checkpoint.tensor('layer.weight', [3, 2])).toThrow(TensorShapeError);
    expect(() => checkpoint.tensor('layer.weight', [3, 2])).toThrow(/shape \[2, 3\]: \[3, 2\] is needed/);
    expect(() => checkpoint.tensor('layer.weight', [2])).toThrow(TensorShapeError);
    expect(() => checkpoint.tensor('__proto__')).toThrow(MissingTensorError);
  });

  it('says when the element type does not fit', async () => {
    using checkpoint = await openSafetensors(path);
    expect(() => checkpoint.read('indices')).toThrow(TensorTypeError);
    expect(() => checkpoint.readIntegers('layer.weight')).toThrow(TensorTypeError);
    expect(() => checkpoint.readIntegers('wide')).toThrow(/value 1099511627776 at index 1 does not fit int32/);
  });

  it('says what cannot be opened', async () => {
    await expect(openSafetensors(join(folder, 'absent'))).rejects.toThrow(CheckpointOpenError);
    await expect(openSafetensors(join(folder, 'absent'))).rejects.toThrow(/ENOENT.*existing file/);
    await expect(openSafetensors(folder)).rejects.toThrow(/not a folder/);
  });

  it('notices a file that shrinks while it is open, and use after close', async () => {
    const shrinking = join(folder, 'shrinking.safetensors');
    await saveSafetensors(shrinking, { a: { shape: [4], data: new Float32Array(4) } });
    const checkpoint = await openSafetensors(shrinking);
    writeFileSync(shrinking, 'short');
    expect(() => checkpoint.read('a')).toThrow(/became shorter/);
    checkpoint.close();
    checkpoint.close();
    expect(() => checkpoint.read('a')).toThrow(/closed already/);
  });

  it('reads the header only', () => {
    const { source, counts } = countingSource(
      writeSafetensors({ a: { shape: [1_000_000], data: new Uint8Array(1_000_000) } }),
    );
    readSafetensors(source, {});
    expect(counts.read).toBeLessThan(200);
  });

  it('accepts an empty file of no tensors', () => {
    expect(parseSafetensors(file('{}')).tensors.size).toBe(0);
  });
});

describe('half precision', () => {
  it('converts every F16 and BF16 bit pattern', () => {
    const bits = Uint16Array.from({ length: 65_536 }, (_, i) => i);
    const bytes = writeSafetensors({ a: { shape: [65_536], data: bits } });
    const as = (dtype: string) => {
      const copy = bytes.slice();
      const at = Buffer.from(copy).indexOf('"U16"');
      copy.set(Buffer.from(dtype.padEnd(5)), at);
      return parseSafetensors(copy).read('a');
    };
    const f16 = as('"F16"');
    expect([f16[0x3c00], f16[0x7bff], f16[0x0001], f16[0xc000], f16[0x7c00], f16[0x3555]]).toEqual([
      1,
      65504,
      2 ** -24,
      -2,
      Infinity,
      0.333251953125,
    ]);
    expect(Object.is(f16[0x8000], -0)).toBe(true);
    expect(f16[0x7c01]).toBeNaN();
    const bf16Bytes = writeSafetensors({ a: { shape: [65_536], data: bits } });
    const text = Buffer.from(bf16Bytes);
    const header = Number(text.readBigUInt64LE(0));
    const json = text
      .subarray(8, 8 + header)
      .toString()
      .trimEnd()
      .replace('"U16"', '"BF16"');
    const bf16 = parseSafetensors(Buffer.concat([file(json), text.subarray(8 + header)])).read('a');
    expect([bf16[0x3f80], bf16[0xc040], bf16[0x7f80]]).toEqual([1, -3, Infinity]);
    expect(bf16[0x7fc0]).toBeNaN();
  });
});

describe('the writer', () => {
  it('aligns every tensor to its element and the header to 8 bytes', () => {
    for (let nameLength = 1; nameLength < 20; nameLength++) {
      const { tensors } = parseSafetensors(
        writeSafetensors({
          b: { shape: [3], data: new Uint8Array(3) },
          ['n'.repeat(nameLength)]: { shape: [1], data: new Float64Array(1) },
        }),
      );
      expect([...tensors.values()].map((t) => [t.dtype, t.offset % 8])).toEqual([
        ['F64', 0],
        ['U8', 0],
      ]);
    }
  });

  it('refuses what no reader would accept', () => {
    const data = new Float32Array(3);
    expect(() => writeSafetensors({ a: { shape: [4], data } })).toThrow(TensorDataError);
    expect(() => writeSafetensors({ a: { shape: [-3], data } })).toThrow(TensorDataError);
    expect(() => writeSafetensors({ __metadata__: { shape: [3], data } })).toThrow(/reserved/);
  });
});
