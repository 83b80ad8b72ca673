// PyTorch checkpoints: real files of two PyTorch versions, hand-made attacks, and mutants. Nothing is ever run.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { convertToSafetensors } from '../../src/checkpoints/convert.ts';
import { CheckpointFormatError, RefusedPickleError, TensorTypeError } from '../../src/checkpoints/errors.ts';
import { openCheckpoint } from '../../src/checkpoints/open.ts';
import { openTorchCheckpoint, parseTorchCheckpoint, readTorch } from '../../src/checkpoints/torch.ts';
import { pickle, torchArchive, zip } from '../support/pickle.ts';
import { fuzzCount, fuzzSeed, seeded } from '../support/random.ts';
import { countingSource } from '../support/source.ts';

const fixtures = join(import.meta.dirname, '../fixtures/torch');
const half = (x: number) => Math.fround(x);

describe.each(['1.13', '2.7'])('files written by PyTorch %s', (version) => {
  const path = (name: string) => join(fixtures, version, name);

  it.each(['state-dict.bin', 'wrapped.pt'])('reads %s', async (name) => {
    using checkpoint = await openTorchCheckpoint(path(name));
    const all = Object.fromEntries(
      [...checkpoint.tensors.values()].map((t) => [t.name, `${t.dtype} ${t.shape.join('x')}`]),
    );
    expect(all).toEqual({
      f32: 'F32 2x3',
      f16: 'F16 2x3',
      bf16: 'BF16 2x3',
      f64: 'F64 2x3',
      i64: 'I64 3',
      i32: 'I32 1',
      u8: 'U8 2',
      flags: 'BOOL 2',
      scalar: 'F32 ',
      empty: 'F32 0x4',
      row: 'F32 3',
      parameter: 'F32 2x3',
    });
    const values = [0, 1, -2, 0.5, 65504, half(1e-3)];
    expect([...checkpoint.read('f32')]).toEqual(values);
    expect([...checkpoint.read('parameter')]).toEqual(values);
    expect([...checkpoint.read('f64')]).toEqual(values);
    expect([...checkpoint.read('row')]).toEqual(values.slice(3));
    expect(checkpoint.read('f16')[5]).toBeCloseTo(1e-3, 6);
    expect(checkpoint.read('bf16')[4]).toBe(65536);
    expect([...checkpoint.readIntegers('i64')]).toEqual([1, -2, 2 ** 31 - 1]);
    expect([...checkpoint.readIntegers('flags')]).toEqual([1, 0]);
    expect([...checkpoint.read('scalar')]).toEqual([4.5]);
    // `row` is a view: it must point into the storage of f32, past its first row.
    expect(checkpoint.tensor('row').offset - checkpoint.tensor('f32').offset).toBe(12);
    expect(readFileSync(path(name)).readFloatLE(checkpoint.tensor('f32').offset + 4)).toBe(1);
  });

  it('reads a module state dict and drops its `_metadata`', async () => {
    using checkpoint = await openCheckpoint(path('module.bin'));
    expect([...checkpoint.tensors.keys()]).toEqual(['weight', 'bias']);
  });

  it('reads the parameters of a TorchScript archive by attribute path', async () => {
    using checkpoint = await openCheckpoint(path('torchscript.pt'));
    expect([...checkpoint.tensors.keys()].sort()).toEqual([
      'blocks.0.count',
      'blocks.0.w',
      'blocks.1.count',
      'blocks.1.w',
      'lin.bias',
      'lin.weight',
      'scale',
    ]);
    expect([...checkpoint.read('blocks.1.w')]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(checkpoint.tensor('blocks.0.w', [3, 3]).dtype).toBe('F16');
  });

  it.each([
    ['attack.bin', RefusedPickleError, /"posix.system"/],
    ['object.bin', RefusedPickleError, /"__main__.Config"/],
    ['list.bin', RefusedPickleError, /a list where the state dict should be/],
    ['strided.bin', CheckpointFormatError, /strides \[1, 3\] for shape \[3, 2\]/],
    ['legacy.bin', CheckpointFormatError, /no zip archive/],
  ])('refuses %s and says how to convert it', async (name, kind, pattern) => {
    const error: unknown = await openCheckpoint(path(name)).then(
      () => undefined,
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(kind);
    expect(String(error)).toMatch(pattern);
    expect(String(error)).toMatch(/python3 -c "import torch/);
    expect(String(error)).not.toContain('\n');
    expect(existsSync('attacked.txt')).toBe(false);
  });

  it('converts to safetensors with equal values', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tessera-convert-'));
    using from = await openCheckpoint(path('state-dict.bin'));
    await convertToSafetensors(from, join(folder, 'out.safetensors'));
    using to = await openCheckpoint(join(folder, 'out.safetensors'));
    expect([...to.tensors.keys()].sort()).toEqual([...from.tensors.keys()].sort());
    for (const name of ['f32', 'f16', 'bf16', 'row', 'parameter', 'empty'])
      expect(to.read(name)).toEqual(from.read(name));
    expect(to.readIntegers('i64')).toEqual(from.readIntegers('i64'));
    rmSync(folder, { recursive: true });
  });
});

/** `('storage', torch.FloatStorage, '0', 'cpu', elements)` as a persistent id. */
const storage = (elements: number) =>
  ['(', { text: 'storage' }, 'ctorch\nFloatStorage\n', { text: '0' }, { text: 'cpu' }, 'K', elements, 'tQ'] as const;
const tensor = (elements: number, offset: number, size: number, stride = 1) =>
  [
    'ctorch._utils\n_rebuild_tensor_v2\n(',
    ...storage(elements),
    'K',
    offset,
    'K',
    size,
    '\x85K',
    stride,
    '\x85\x89}tR',
  ] as const;

describe('hand-made pickles', () => {
  const open = (data: Uint8Array) => parseTorchCheckpoint(torchArchive(data), 'x.bin');

  it('reads a hand-made tensor, so that the attacks below differ in one thing only', () => {
    expect(open(pickle('\x80\x02}', { text: 'w' }, ...tensor(6, 2, 4), 's.')).read('w').length).toBe(4);
  });

  const refusals: [string, Uint8Array, RegExp][] = [
    ['GLOBAL posix system with REDUCE', pickle('\x80\x02cposix\nsystem\n(', { text: 'true' }, 'tR.'), /"posix.system"/],
    ['builtins.eval', pickle('\x80\x02cbuiltins\neval\n(', { text: '1' }, 'tR.'), /"builtins.eval"/],
    ['STACK_GLOBAL built from texts', pickle('\x80\x04\x8c\x02os\x8c\x06system\x93.'), /"os.system"/],
    ['STACK_GLOBAL of no text', pickle('\x80\x04KKK\x01\x93.'), /name is no text/],
    [
      'a name beside an allowed one',
      pickle('\x80\x02ctorch._utils\n_rebuild_tensor\n.'),
      /"torch._utils._rebuild_tensor"/,
    ],
    [
      'an attribute of an allowed module',
      pickle('\x80\x02ccollections\nOrderedDict.__init__\n.'),
      /OrderedDict.__init__/,
    ],
    ['INST', pickle('\x80\x02(', { text: 'true' }, 'iposix\nsystem\n.'), /opcode INST/],
    ['OBJ', pickle('\x80\x02(o.'), /opcode OBJ/],
    ['EXT1', pickle('\x80\x02\x82\x01.'), /opcode EXT1/],
    ['NEWOBJ_EX', pickle('\x80\x04NN}\x92.'), /opcode NEWOBJ_EX/],
    ['text PERSID', pickle('\x80\x02P0\n.'), /opcode PERSID/],
    ['REDUCE of a storage class', pickle('\x80\x02ctorch\nFloatStorage\n)R.'), /a call of torch.FloatStorage/],
    ['REDUCE of a TorchScript class', pickle('\x80\x02c__torch__.os\nsystem\n)R.'), /a call of __torch__.os.system/],
    ['REDUCE of no global', pickle('\x80\x02}}R.'), /a call of dict/],
    ['OrderedDict with arguments', pickle('\x80\x02ccollections\nOrderedDict\n(Nt', 'R.'), /unusual arguments/],
    ['NEWOBJ of an allowed function', pickle('\x80\x02ccollections\nOrderedDict\n)\x81.'), /an object of global/],
    ['BUILD on a plain dict', pickle('\x80\x02}}b.'), /BUILD on dict/],
    ['BUILD on a tensor', pickle('\x80\x02', ...tensor(6, 0, 6), '}b.'), /BUILD on tensor/],
    ['BUILD twice on a module', pickle('\x80\x02c__torch__\nM\n)\x81}b}b.'), /BUILD on module/],
    ['persistent id of no storage', pickle('\x80\x02', { text: 'storage' }, 'Q.'), /persistent id/],
    [
      'persistent id with a foreign class',
      pickle('\x80\x02(', { text: 'storage' }, 'ccollections\nOrderedDict\n', { text: '0' }, 'NK\x01tQ.'),
      /persistent id/,
    ],
    [
      'negative element count',
      pickle('\x80\x02(', { text: 'storage' }, 'ctorch\nFloatStorage\n', { text: '0' }, 'NJ\xff\xff\xff\xfftQ.'),
      /persistent id/,
    ],
    ['tensor of a dict', pickle('\x80\x02ctorch._utils\n_rebuild_tensor_v2\n(}K\x00))\x89}tR.'), /unusual arguments/],
    ['a top-level text', pickle('\x80\x02', { text: 'w' }, '.'), /a string where the state dict/],
    ['a number among the tensors', pickle('\x80\x02}', { text: 'w' }, 'K\x01s.'), /a number called w/],
    ['items for a tensor', pickle('\x80\x02', ...tensor(6, 0, 6), 'K\x01K\x02s.'), /items for a tensor/],
  ];
  it.each(refusals)('refuses %s', (_, data, pattern) => {
    expect(() => open(data)).toThrow(RefusedPickleError);
    expect(() => open(data)).toThrow(pattern);
  });

  const broken: [string, Uint8Array, RegExp][] = [
    ['no STOP', pickle('\x80\x02}'), /ends too early/],
    ['an empty stack', pickle('\x80\x02.'), /untidy stack/],
    ['POP from an empty stack', pickle('\x80\x02R.'), /stack is empty/],
    ['a mark left over', pickle('\x80\x02(}.'), /untidy stack/],
    ['no mark', pickle('\x80\x02t.'), /no mark/],
    ['an unknown memo', pickle('\x80\x02h\x07.'), /no memo 7/],
    ['text beyond the end', pickle('\x80\x02X\xff\xff\xff\xff.'), /ends too early/],
    ['text that is not UTF-8', pickle('\x80\x02\x8c\x01\xff.'), /not UTF-8/],
    ['protocol 5', pickle('\x80\x05}.'), /protocol 5/],
    ['an integer of 200 bytes', pickle('\x80\x02\x8a\xc8', 'x'.repeat(200), '.'), /integer of 200 bytes/],
    ['a key without a value', pickle('\x80\x02}(', { text: 'w' }, 'u.'), /key without a value/],
    [
      'a tensor beyond its storage',
      pickle('\x80\x02}', { text: 'w' }, ...tensor(6, 3, 4), 's.'),
      /reaches beyond its storage: it holds 6/,
    ],
    [
      'a storage larger than its member',
      pickle('\x80\x02}', { text: 'w' }, ...tensor(7, 0, 4), 's.'),
      /storage of 24 bytes: 7 values/,
    ],
    ['strides that repeat values', pickle('\x80\x02}', { text: 'w' }, ...tensor(6, 0, 6, 0), 's.'), /strides \[0\]/],
  ];
  it.each(broken)('reports %s', (_, data, pattern) => {
    expect(() => open(data)).toThrow(CheckpointFormatError);
    expect(() => open(data)).toThrow(pattern);
  });

  it('reads a cyclic or multiplying structure in linear time, and refuses it', () => {
    const self = pickle('\x80\x02]q\x00h\x00a.');
    expect(() => open(self)).toThrow(/a list where/);
    // 10,000 times "pair of the last pair": 2^10000 leaves if anybody walked them.
    const pairs = pickle('\x80\x02}', { text: 'w' }, 'N', 'q\x00h\x00\x86'.repeat(10_000), 's.');
    const started = performance.now();
    expect(() => open(pairs)).toThrow(/a tuple called w/);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('walks shared and self-containing TorchScript modules once', () => {
    const module = 'c__torch__\nM\n)\x81';
    const cyclic = pickle(
      `\x80\x02${module}q\x00}`,
      { text: 'self' },
      'h\x00s',
      { text: 'w' },
      ...tensor(6, 0, 6),
      'sb.',
    );
    expect([...open(cyclic).tensors.keys()]).toEqual(['w']);
    const deep = pickle(
      '\x80\x02',
      ...Array.from({ length: 5_000 }, () => [`${module}}`, { text: 'm' }]).flat(),
      'N',
      'sb'.repeat(5_000),
      '.',
    );
    expect(() => open(deep)).toThrow(/nested over 32 deep/);
  });

  it('stops at the opcode limit', () => {
    expect(() => open(pickle('\x80\x02', 'N'.repeat(1_100_000), '.'))).toThrow(/more than 1000000 opcodes/);
  });
});

describe('hand-made archives', () => {
  const empty = { name: 'a/data.pkl', bytes: pickle('\x80\x02}.') };
  const data = { name: 'a/data.pkl', bytes: pickle('\x80\x02}', { text: 'w' }, ...tensor(6, 0, 6), 's.') };
  const values = { name: 'a/data/0', bytes: new Uint8Array(24) };
  const cases: [string, Uint8Array, RegExp][] = [
    ['a compressed pickle', zip([{ ...empty, method: 8 }]), /"a\/data.pkl" is compressed/],
    ['a compressed storage', zip([data, { ...values, method: 8 }]), /"a\/data\/0" is compressed/],
    ['a storage that claims 2 GB', zip([data, { ...values, claim: 2 ** 31 }]), /storage of 2147483648 bytes: 6 values/],
    ['a pickle that claims 2 GB', zip([{ ...empty, claim: 2 ** 31 }]), /at most 4194304 are read/],
    ['a pickle that claims more than the file', zip([{ ...empty, claim: 4000 }]), /beyond the end of the file/],
    ['a header offset outside', zip([{ ...empty, at: 1e6 }]), /points to bytes 1000000/],
    ['a header offset elsewhere', zip([{ ...empty, at: 3 }]), /no local header/],
    ['equal member names', zip([empty, empty]), /two members are called "a\/data.pkl"/],
    ['no pickle', zip([values]), /0 data.pkl/],
    ['two pickles', zip([empty, { ...empty, name: 'b/data.pkl' }]), /2 data.pkl/],
    ['a missing storage', zip([data]), /"data\/0", which is not in the archive/],
    [
      'a storage key that climbs',
      zip([
        {
          ...data,
          bytes: Buffer.from(
            Buffer.from(data.bytes).toString('latin1').replace('\x01\0\0\x000', '\x04\0\0\x00../0'),
            'latin1',
          ),
        },
        values,
      ]),
      /which is not in the archive/,
    ],
    [
      'big-endian values',
      zip([data, values, { name: 'a/byteorder', bytes: Buffer.from('big') }]),
      /byte order is "big"/,
    ],
    ['an archive cut off', zip([data, values]).subarray(0, 150), /no end record/],
  ];
  it.each(cases)('reports %s', (_, bytes, pattern) => {
    expect(() => parseTorchCheckpoint(bytes, 'x.bin')).toThrow(CheckpointFormatError);
    expect(() => parseTorchCheckpoint(bytes, 'x.bin')).toThrow(pattern);
  });
});

it('mutants of real archives are read or refused with our errors', () => {
  const count = Math.ceil(fuzzCount(3_000));
  const seed = fuzzSeed();
  const random = seeded(seed);
  const originals = ['1.13/state-dict.bin', '2.7/wrapped.pt', '2.7/torchscript.pt'].map((name) =>
    readFileSync(join(fixtures, name)),
  );
  let accepted = 0;
  for (let i = 0; i < count; i++) {
    const bytes = Buffer.from(random.pick(originals));
    // Most of a small archive is padding: half of the mutations aim at the pickle, a quarter at the directory.
    const pkl = bytes.indexOf('data.pkl');
    const regions = [
      [pkl, 900],
      [pkl, 900],
      [bytes.length - 700, 700],
      [0, bytes.length],
    ] as const;
    for (let n = random.int(3); n >= 0; n--) {
      const [start, length] = random.pick(regions);
      const at = Math.min(bytes.length - 1, Math.max(0, start) + random.int(length));
      if (random.chance(0.5)) bytes[at] = random.int(256);
      else bytes.copy(bytes, at, Math.min(bytes.length - 1, Math.max(0, start) + random.int(length)), bytes.length);
    }
    const mutant = random.chance(0.05) ? bytes.subarray(0, random.int(bytes.length)) : bytes;
    const { source, counts } = countingSource(mutant);
    const where = `seed ${seed}, mutant ${i}`;
    const started = performance.now();
    try {
      const checkpoint = readTorch(source, {});
      accepted++;
      for (const entry of checkpoint.tensors.values()) {
        try {
          checkpoint.read(entry.name);
        } catch (error) {
          if (!(error instanceof TensorTypeError)) throw error;
        }
      }
    } catch (error) {
      if (!(error instanceof CheckpointFormatError || error instanceof RefusedPickleError))
        throw new Error(`${where}: ${String(error)}`, { cause: error });
      if (error.message.includes('\n')) throw new Error(`${where}: a message of two lines`);
    }
    expect(counts.largest, `${where}: largest read`).toBeLessThanOrEqual(mutant.length);
    expect(performance.now() - started, `${where}: milliseconds`).toBeLessThan(30_000);
  }
  console.info(`torch fuzz: seed ${seed}, ${count} mutants, ${accepted} accepted`);
  expect(accepted).toBeGreaterThan(count * 0.02);
  expect(accepted).toBeLessThan(count * 0.98);
}, 1_200_000);
