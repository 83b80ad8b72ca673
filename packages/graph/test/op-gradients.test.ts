// Every op's gradient against central differences on random shapes, on ONNX Runtime. The op table decides what is tested.
import { afterAll, describe, expect, it } from 'vitest';
import type { CaseGenerator } from './support/case.ts';
import { CASES } from './support/cases.ts';
import { compareGradients } from './support/differences.ts';
import { OPS, type OpName } from './support/face.ts';
import { Random, SEED } from './support/random.ts';

const CASES_PER_OP = Number(process.env.TESSERA_GRADIENT_CASES ?? 100);
/** Cases in one graph; creating a session takes time that grows faster than its graph. */
const CASES_PER_GRAPH = 25;
const ops = Object.keys(OPS) as OpName[];
const generators = ops.flatMap((op) => {
  const entry: unknown = CASES[op];
  return typeof entry === 'function' ? [[op, entry as CaseGenerator] as const] : [];
});
const worst: { op: string; error: number }[] = [];

describe(`gradients of ops, seed ${SEED}, ${CASES_PER_OP} cases each`, () => {
  it('has cases for every op of the table, or says why not', () => {
    for (const op of ops) {
      const entry = CASES[op];
      expect(entry, `${op} has no entry in cases.ts`).toBeDefined();
      if (typeof OPS[op].vjp === 'function') continue;
      expect(typeof entry, `${op} has no gradient, so it can have no cases`).toBe('object');
    }
  });

  it.each(generators)('%s', async (op, generate) => {
    const random = new Random(SEED + ops.indexOf(op) * 7919);
    let left = CASES_PER_OP;
    for (; left > 0; left -= CASES_PER_GRAPH) {
      const compared = await compareGradients(generate, random, Math.min(left, CASES_PER_GRAPH));
      for (const { error, label } of compared) {
        worst.push({ op, error });
        expect(error, `seed ${SEED}: ${label}`).toBeLessThan(1e-3);
      }
    }
  });

  afterAll(() => {
    const { op, error } = worst.reduce((a, b) => (b.error > a.error ? b : a), { op: 'none', error: 0 });
    console.log(`${worst.length} gradient cases, seed ${SEED}; worst: ${op}, relative ${error.toExponential(1)}`);
  });
});
