// Structured mutants of valid safetensors files: only our errors, no hang, no read beyond the file.
// TESSERA_FUZZ=1000000 TESSERA_FUZZ_SEED=n npx vitest run --project unit packages/models -t mutants
import { expect, it } from 'vitest';
import { CheckpointFormatError, TensorTypeError } from '../../src/checkpoints/errors.ts';
import { readSafetensors } from '../../src/checkpoints/safetensors.ts';
import { fuzzCount, fuzzSeed, type Random, seeded } from '../support/random.ts';
import { countingSource } from '../support/source.ts';

const numbers = [
  '0',
  '1',
  '-1',
  '2.5',
  '1e3',
  '1e400',
  '9007199254740993',
  '18446744073709551616',
  'null',
  '"8"',
  '[]',
  '4294967296',
  '-0',
];
const names = ['a', 'b', '__proto__', '__metadata__', 'constructor', '\\u0000', '\\ud800', 'é', '', 'x'.repeat(700)];
const dtypes = ['F32', 'F16', 'BF16', 'F64', 'I32', 'I64', 'U8', 'BOOL', 'F8_E4M3', 'F0', 'toString', ''];

/** A valid file's header, as text pieces that can be mutated separately. */
function validHeader(random: Random): {
  tensors: { name: string; dtype: string; shape: string[]; begin: string; end: string }[];
  data: number;
} {
  let at = 0;
  const tensors = Array.from({ length: random.int(5) }, (_, i) => {
    const shape = Array.from({ length: random.int(4) }, () => random.int(4));
    const [dtype, size] = random.pick([
      ['F32', 4],
      ['F16', 2],
      ['I64', 8],
      ['U8', 1],
    ] as const);
    const begin = at;
    at += shape.reduce((n, d) => n * d, size);
    return { name: `t${i}`, dtype: dtype as string, shape: shape.map(String), begin: String(begin), end: String(at) };
  });
  return { tensors, data: at };
}

function mutant(random: Random): Uint8Array {
  const { tensors, data } = validHeader(random);
  for (const tensor of tensors) {
    if (!random.chance(0.25)) continue;
    const change = random.int(6);
    if (change === 0) tensor.name = random.pick(names);
    else if (change === 1) tensor.dtype = random.pick(dtypes);
    else if (change === 2) tensor.shape.push(random.pick(numbers));
    else if (change === 3) tensor.begin = random.pick(numbers);
    else if (change === 4) tensor.end = random.pick(numbers);
    else [tensor.begin, tensor.end] = [tensor.end, tensor.begin];
  }
  const fields = tensors.map(
    (t) => `"${t.name}":{"dtype":"${t.dtype}","shape":[${t.shape}],"data_offsets":[${t.begin},${t.end}]}`,
  );
  if (random.chance(0.2))
    fields.push(`"__metadata__":${random.pick(['{}', '{"k":"v"}', '{"k":1}', '[]', '{"k":"v","k":"w"}'])}`);
  if (random.chance(0.1)) fields.push(random.pick(fields.length > 0 ? fields : ['"x":{}']));
  let json = Buffer.from(`{${fields}}${' '.repeat(random.int(3))}`);
  if (random.chance(0.2))
    for (let i = random.int(3); i >= 0 && json.length > 0; i--) json[random.int(json.length)] = random.int(256);
  if (random.chance(0.05))
    json = Buffer.concat([json.subarray(0, random.int(json.length)), Buffer.from('[{"'.repeat(random.int(2000)))]);
  const extra = random.chance(0.1) ? random.int(9) - 4 : 0;
  const bytes = Buffer.alloc(8 + json.length + Math.max(0, data + extra));
  const claim = random.chance(0.05) ? BigInt(random.pick([0, 1, 7, 1e6, 5e6, 2 ** 40])) : BigInt(json.length);
  bytes.writeBigUInt64LE(claim, 0);
  json.copy(bytes, 8);
  return random.chance(0.05) ? bytes.subarray(0, random.int(bytes.length + 1)) : bytes;
}

it('mutants of valid files are read or refused with our errors', () => {
  const count = fuzzCount(6_000);
  const seed = fuzzSeed();
  const random = seeded(seed);
  let accepted = 0;
  for (let i = 0; i < count; i++) {
    const bytes = mutant(random);
    const { source, counts } = countingSource(bytes);
    const where = `seed ${seed}, mutant ${i}`;
    const started = performance.now();
    try {
      const checkpoint = readSafetensors(source, {});
      accepted++;
      let covered = bytes.length;
      for (const entry of checkpoint.tensors.values()) {
        covered -= entry.length;
        expect(entry.offset + entry.length, where).toBeLessThanOrEqual(bytes.length);
        try {
          checkpoint.read(entry.name);
        } catch (error) {
          if (!(error instanceof TensorTypeError)) throw error;
        }
      }
      expect(covered, `${where}: what is not tensors is the header`).toBe(
        8 + Number(Buffer.from(bytes).readBigUInt64LE(0)),
      );
    } catch (error) {
      if (!(error instanceof CheckpointFormatError)) throw new Error(`${where}: ${String(error)}`, { cause: error });
      if (error.message.includes('\n')) throw new Error(`${where}: a message of two lines`);
      if (counts.closed !== 1) throw new Error(`${where}: the source was not closed`);
    }
    expect(counts.read, `${where}: bytes read`).toBeLessThanOrEqual(2 * bytes.length + 8);
    expect(performance.now() - started, `${where}: milliseconds`).toBeLessThan(30_000);
  }
  console.info(`safetensors fuzz: seed ${seed}, ${count} mutants, ${accepted} accepted`);
  // The mutants must exercise both ways, or the test shows nothing.
  expect(accepted).toBeGreaterThan(count * 0.2);
  expect(accepted).toBeLessThan(count * 0.8);
}, 1_200_000);
