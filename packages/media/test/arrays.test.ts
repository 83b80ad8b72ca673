// .npy and .npz against NumPy's own files, against NumPy itself where it is installed, and against hostile ones.
// The fixtures were written by fixtures/make-fixtures.py.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import {
  ArrayFormatError,
  decodeNpy,
  decodeNpz,
  encodeNpy,
  encodeNpz,
  LimitError,
  MediaError,
  type NdArray,
} from '../src/index.ts';
import { failure, random } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'tessera-arrays-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url));

const arrays: Record<string, NdArray> = {
  float32: { dtype: 'float32', shape: [2, 3], data: Float32Array.from({ length: 6 }, (_, i) => i / 4 - 1) },
  float16: { dtype: 'float16', shape: [4], data: Uint16Array.of(0, 0x3800, 0xc000, 0x7bff) },
  int32: { dtype: 'int32', shape: [2, 1], data: Int32Array.of(-(2 ** 31), 2 ** 31 - 1) },
  int64: { dtype: 'int64', shape: [3], data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, 0n) },
  uint8: { dtype: 'uint8', shape: [4, 4, 16], data: Uint8Array.from({ length: 256 }, (_, i) => i) },
  uint16: { dtype: 'uint16', shape: [], data: Uint16Array.of(513) },
};

test.each(Object.entries(arrays))('%s: the bytes that NumPy writes, both ways', (name, array) => {
  expect(Buffer.from(encodeNpy(array)).equals(fixture(`${name}.npy`))).toBe(true);
  expect(decodeNpy(fixture(`${name}.npy`))).toEqual(array);
});

test('archives of NumPy, stored and deflated', () => {
  expect(Object.fromEntries(decodeNpz(fixture('stored.npz')))).toEqual(arrays);
  const empty = { dtype: 'int32', shape: [0, 32], data: new Int32Array() };
  expect(Object.fromEntries(decodeNpz(fixture('deflated.npz')))).toEqual({ ...arrays, empty });
});

test.each([true, false])('our archives come back (compress %s) and are the same each time', (compress) => {
  const file = encodeNpz(arrays, { compress });
  expect(Object.fromEntries(decodeNpz(file))).toEqual(arrays);
  expect(encodeNpz(arrays, { compress })).toEqual(file);
  expect(decodeNpz(encodeNpz({})).size).toBe(0);
});

const python = ['python3', '/usr/bin/python3'].find((program) => {
  try {
    execFileSync(program, ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
if (!python)
  console.info('the check by NumPy itself is skipped: no python3 with numpy here (the fixtures are still compared)');
test.skipIf(!python)('NumPy reads our archives', () => {
  for (const compress of [true, false]) {
    const path = join(folder, `${compress}.npz`);
    writeFileSync(path, encodeNpz(arrays, { compress }));
    const script = `
import json, sys, numpy
z = numpy.load(sys.argv[1], allow_pickle=False)
print(json.dumps({k: [z[k].dtype.str, list(z[k].shape), z[k].tobytes().hex()] for k in z.files}))`;
    const seen = JSON.parse(execFileSync(python!, ['-c', script, path], { encoding: 'utf8' }));
    const descr = { float32: '<f4', float16: '<f2', int32: '<i4', int64: '<i8', uint8: '|u1', uint16: '<u2' };
    for (const [name, { dtype, shape, data }] of Object.entries(arrays)) {
      expect(seen[name]).toEqual([descr[dtype], shape, Buffer.from(data.buffer).toString('hex')]);
    }
  }
});

test('the result owns its memory', () => {
  const file = Buffer.concat([Buffer.alloc(3), fixture('float32.npy')]).subarray(3);
  const array = decodeNpy(file);
  file.fill(0);
  expect(array.data[0]).toBe(-1);
});

test('what cannot be written', async () => {
  const bad: unknown[] = [
    { dtype: 'float32', shape: [3], data: new Float32Array(2) },
    { dtype: 'float32', shape: [2], data: new Int32Array(2) },
    { dtype: 'float32', shape: [-1, -2], data: new Float32Array(2) },
    { dtype: 'float64', shape: [2], data: new Float64Array(2) },
    { dtype: 'uint8', shape: new Array(33).fill(1), data: new Uint8Array(1) },
  ];
  for (const array of bad) expect(await failure(() => encodeNpy(array as NdArray))).toBeInstanceOf(ArrayFormatError);
  expect(await failure(() => encodeNpz({ '../x': arrays.int32! }))).toBeInstanceOf(ArrayFormatError);
});

describe('hostile .npy', () => {
  const withHeader = (header: string, data = Buffer.alloc(24), version = '\x01\x00') => {
    const length = Buffer.alloc(2);
    length.writeUInt16LE(header.length);
    return Buffer.concat([Buffer.from(`\x93NUMPY${version}`, 'latin1'), length, Buffer.from(header, 'latin1'), data]);
  };
  const dictionary = (descr: string, order: string, shape: string) =>
    `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;

  test('keys in any order, no last comma, as Python would read them', () => {
    expect(decodeNpy(withHeader(`{'shape':(2,3),'fortran_order':False,'descr':'<f4'}`)).shape).toEqual([2, 3]);
  });

  test.each([
    ['Fortran order', withHeader(dictionary("'<f4'", 'True', '(2, 3)')), /ascontiguousarray/],
    ['big endian', withHeader(dictionary("'>f4'", 'False', '(2, 3)')), /type >f4 is not read; convert with astype/],
    ['objects', withHeader(dictionary("'|O'", 'False', '(2, 3)')), /type \|O/],
    ['records', withHeader(dictionary("[('a', '<f4')]", 'False', '(6,)')), /header .* malformed/],
    ['a shape that is no tuple', withHeader(dictionary("'<f4'", 'False', '(6)')), /header .* malformed/],
    ['a negative length', withHeader(dictionary("'<f4'", 'False', '(-6,)')), /header .* malformed/],
    ['an expression', withHeader(dictionary("'<f4'", 'False', '(2*3,)')), /header .* malformed/],
    [
      'a fourth key',
      withHeader(`{'descr': '<f4', 'fortran_order': False, 'shape': (6,), 'x': True}`),
      /header .* malformed/,
    ],
    ['a key twice', withHeader(`{'descr': '<f4', 'descr': '<f4', 'shape': (6,)}`), /header .* malformed/],
    ['a missing key', withHeader(`{'descr': '<f4', 'shape': (6,)}`), /header .* malformed/],
    ['version 2', withHeader(dictionary("'<f4'", 'False', '(6,)'), Buffer.alloc(24), '\x02\x00'), /version 2.0/],
    ['too few data', withHeader(dictionary("'<f4'", 'False', '(7,)')), /needs 28 bytes and the file holds 24/],
    ['too many data', withHeader(dictionary("'<f4'", 'False', '(5,)')), /needs 20 bytes and the file holds 24/],
    [
      'a size past 2^53',
      withHeader(dictionary("'<f4'", 'False', '(9999999999999999, 9999999999999999)')),
      /is no shape/,
    ],
    ['a header past the end', Buffer.from('\x93NUMPY\x01\0\xff\xff{', 'latin1'), /cut short/],
    ['only its magic', Buffer.from('\x93NUMPY', 'latin1'), /cut short/],
    ['something else', Buffer.from('PK\x03\x04'), /no \.npy file/],
  ])('%s', async (_, file, message) => {
    const error = await failure(() => decodeNpy(file));
    expect(error).toBeInstanceOf(ArrayFormatError);
    expect(String(error)).toMatch(message);
  });

  test('too large', async () => {
    const huge = withHeader(dictionary("'<f4'", 'False', '(1000000000000,)'));
    expect(await failure(() => decodeNpy(huge))).toBeInstanceOf(LimitError);
  });
});

describe('hostile .npz', () => {
  test('a bomb is refused by its directory, and one that lies stops at its stated size', async () => {
    const honest = encodeNpz({ zeros: { dtype: 'uint8', shape: [2 ** 26], data: new Uint8Array(2 ** 26) } });
    expect(honest.length).toBeLessThan(100_000);
    expect(await failure(() => decodeNpz(honest, { arrayBytes: 2 ** 25 }))).toBeInstanceOf(LimitError);
    const liar = Buffer.from(honest);
    const central = liar.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'));
    liar.writeUInt32LE(100, central + 24);
    const before = process.memoryUsage.rss();
    expect(await failure(() => decodeNpz(liar))).toBeInstanceOf(ArrayFormatError);
    expect(process.memoryUsage.rss() - before).toBeLessThan(32 * 2 ** 20);
  });

  test('too many entries, files that are no arrays', async () => {
    expect(await failure(() => decodeNpz(encodeNpz(arrays), { arrayEntries: 5 }))).toBeInstanceOf(LimitError);
    const other = Buffer.from(encodeNpz({ a: arrays.int32! }, { compress: false }));
    for (let at = other.indexOf('a.npy'); at >= 0; at = other.indexOf('a.npy')) other.write('a.pkl', at, 'latin1');
    expect(String(await failure(() => decodeNpz(other)))).toContain('"a.pkl", which is no array');
  });

  test('flags, methods and doubles', async () => {
    const file = Buffer.from(encodeNpz({ a: arrays.int32!, b: arrays.int32! }));
    const central = file.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
    const encrypted = Buffer.from(file);
    encrypted.writeUInt16LE(1, central + 8);
    const method = Buffer.from(file);
    method.writeUInt16LE(12, central + 10);
    const crc = Buffer.from(file);
    crc.writeUInt32LE(1, central + 16);
    const doubled = Buffer.from(file);
    doubled.write('a', doubled.lastIndexOf('b.npy'), 'latin1');
    const cases = [
      [encrypted, /encrypted/],
      [method, /method 12/],
      [crc, /checksum/],
      [doubled, /twice/],
    ] as const;
    for (const [bytes, message] of cases) expect(String(await failure(() => decodeNpz(bytes)))).toMatch(message);
  });

  test('cut short and mutated: 3,000 from seed 1', () => {
    const files = [
      fixture('stored.npz'),
      fixture('deflated.npz'),
      fixture('int64.npy'),
      Buffer.from(encodeNpz(arrays)),
    ];
    let refused = 0;
    for (let seed = 1; seed <= 3000; seed += 1) {
      const next = random(seed);
      const file = files[seed % files.length]!;
      const copy = Buffer.from(next() < 0.3 ? file.subarray(0, Math.floor(next() * file.length)) : file);
      for (let i = 0; i < 4 && copy.length > 0; i += 1)
        copy[Math.floor(next() * copy.length)] = Math.floor(next() * 256);
      try {
        if (seed % files.length === 2) decodeNpy(copy);
        else decodeNpz(copy);
      } catch (error) {
        expect(error, `seed ${seed}`).toBeInstanceOf(MediaError);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(2000);
  });

  test('an entry that is deflate garbage', async () => {
    const file = encodeNpz({ a: arrays.uint8! });
    const packed = deflateRawSync(encodeNpy(arrays.uint8!));
    const at = Buffer.from(file).indexOf(packed.subarray(0, 16));
    const bad = Buffer.from(file).fill(0xff, at, at + 16);
    expect(await failure(() => decodeNpz(bad))).toBeInstanceOf(ArrayFormatError);
  });
});
