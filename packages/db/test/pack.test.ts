// Packed steps: nothing is lost but digits of gradient norms, 300 steps stay small, damaged bytes are our own error.
import { randomOf } from '@tessera/protocol/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError, packSteps, StepFormatError, unpackSteps } from '../src/index.ts';
import { bitsFor, packBits, unpackBits } from '../src/steps/bits.ts';
import { stepsOf } from './steps-of.ts';

const SEED = Number(process.env.TESSERA_FUZZ_SEED ?? 20_251_123);
const withoutNorms = (steps: ReturnType<typeof unpackSteps>) => steps.map(({ gradientNorms: _, ...rest }) => rest);

describe('round trips', () => {
  test.each([
    ['TiTok, 12 bits', { count: 64 }],
    ['VQGAN, 14 bits', { count: 20, positions: 256, codebook: 16_384 }],
    ['16 bits', { count: 9, positions: 7, codebook: 65_536 }],
    ['one position, one step', { count: 1, positions: 1, codebook: 2 }],
    ['vectors', { count: 12, positions: 16, channels: 8 }],
    ['from the middle of a run', { first: 133, count: 40 }],
  ])('%s', (_name, options) => {
    const steps = stepsOf({ seed: SEED, ...options });
    const back = unpackSteps(packSteps(steps));
    expect(withoutNorms(back)).toEqual(withoutNorms(steps));
    for (const [i, { gradientNorms }] of back.entries()) {
      const given = steps[i]!.gradientNorms;
      const scale = Math.max(...given);
      gradientNorms.forEach((norm, p) => {
        expect(Math.abs(norm - given[p]!)).toBeLessThanOrEqual(given[p]! * 0.0021 + scale * 2 ** -24);
      });
    }
  });

  test('norms that are zero or not finite, losses that are not, stay what they are', () => {
    const [step] = stepsOf({ count: 1, positions: 4 });
    const odd = {
      ...step!,
      loss: Number.NEGATIVE_INFINITY,
      gradientNorms: Float32Array.of(0, Number.NaN, 2, Number.POSITIVE_INFINITY),
    };
    const [back] = unpackSteps(packSteps([odd]));
    expect(back!.loss).toBe(Number.NEGATIVE_INFINITY);
    expect([...back!.gradientNorms]).toEqual([0, Number.NaN, 2, Number.NaN]);
  });

  test('bits of any width', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(65_535)), (values) => {
        const bits = bitsFor(Math.max(0, ...values));
        expect([...unpackBits(packBits(values, bits), values.length, bits)]).toEqual(values);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});

test('300 steps of 32 tokens take under 40 kB, at worst', () => {
  const steps = stepsOf({ seed: SEED, count: 300 });
  // Every token new at every step: the packing must not count on quiet runs.
  const random = randomOf(SEED);
  const wild = steps.map((step) => ({
    ...step,
    score: random(),
    tokens: { kind: 'indices' as const, data: Int32Array.from({ length: 32 }, () => Math.floor(random() * 4096)) },
  }));
  const bytes = (batch: number) => {
    let sum = 0;
    for (let i = 0; i < 300; i += batch) sum += packSteps(wild.slice(i, i + batch)).length;
    return sum;
  };
  expect(bytes(300)).toBeLessThan(38_000);
  expect(bytes(20)).toBeLessThan(40_000);
});

describe('refusals', () => {
  const steps = stepsOf({ seed: SEED, count: 3 });
  const [a, b, c] = steps as [(typeof steps)[0], (typeof steps)[0], (typeof steps)[0]];
  test.each([
    ['no steps', []],
    ['a gap', [a!, c!]],
    ['another number of positions', [a!, { ...b!, gradientNorms: new Float32Array(5) }]],
    ['another kind of tokens', [a!, { ...b!, tokens: { kind: 'vectors' as const, data: new Float32Array(32) } }]],
    ['other objectives', [a!, { ...b!, terms: [] }]],
    ['a negative token', [{ ...a!, tokens: { kind: 'indices' as const, data: new Int32Array(32).fill(-1) } }]],
    ['a token over 16 bits', [{ ...a!, tokens: { kind: 'indices' as const, data: new Int32Array(32).fill(65_536) } }]],
    ['a negative step', [{ ...a!, step: -1 }]],
  ])('%s', (_name, wrong) => {
    expect(() => packSteps(wrong)).toThrow(InputError);
  });

  test('3,000 damaged batches: our error, or steps that pack again', () => {
    const good = packSteps(stepsOf({ seed: SEED, count: 12, positions: 6 }));
    const random = randomOf(SEED);
    for (let i = 0; i < 3_000; i++) {
      let bytes = Uint8Array.from(good);
      const edits = 1 + Math.floor(random() * 3);
      for (let e = 0; e < edits; e++) bytes[Math.floor(random() * bytes.length * (i % 2 ? 1 : 0.2))] = random() * 256;
      if (random() < 0.2) bytes = bytes.slice(0, Math.floor(random() * bytes.length));
      try {
        unpackSteps(bytes);
      } catch (error) {
        expect(error, `seed ${SEED}, mutant ${i}`).toBeInstanceOf(StepFormatError);
      }
    }
  });
});
