// Every op's gradient against central differences on random shapes, on ONNX Runtime. The op table decides what is tested.
import { afterAll, describe, expect, it } from 'vitest';
import { Case, type CaseGenerator } from './support/case.ts';
import { CASES } from './support/cases.ts';
import { compile, type Feeds } from './support/evaluate.ts';
import { f, Graph, gradients, OPS, type OpName, type Value } from './support/face.ts';
import { Random, SEED } from './support/random.ts';

const CASES_PER_OP = Number(process.env.TESSERA_GRADIENT_CASES ?? 100);
/** Cases in one graph; creating a session takes time that grows faster than its graph. */
const CASES_PER_GRAPH = 25;
const DIRECTIONS = 6;
/** Five-point differences: the error of truncation falls with STEP^4, that of float32 rounding with 1 / STEP. */
const STEP = 0.03;
const STENCIL = [
  [-2, 1 / 12],
  [-1, -8 / 12],
  [1, 8 / 12],
  [2, -1 / 12],
] as const;

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
      const compared = await compare(op, generate, random, Math.min(left, CASES_PER_GRAPH));
      for (const { error, label } of compared) {
        worst.push({ op, error });
        expect(error, `seed ${SEED}, ${label}`).toBeLessThan(1e-3);
      }
    }
  });

  afterAll(() => {
    const { op, error } = worst.reduce((a, b) => (b.error > a.error ? b : a), { op: 'none', error: 0 });
    console.log(`${worst.length} gradient cases, seed ${SEED}; worst: ${op}, relative ${error.toExponential(1)}`);
  });
});

/** All cases of an op live in one graph, so that each run moves all of them at once. */
async function compare(op: OpName, generate: CaseGenerator, random: Random, count: number) {
  const graph = new Graph();
  const cases = Array.from({ length: count }, (_, i) => {
    const one = new Case(graph, random, `${i}.`);
    const outputs = [generate(one, random)].flat() as Value[];
    return { one, outputs, weights: outputs.map((y) => random.fill(y.shape, () => random.uniform(-1, 1))) };
  });
  const forward: Record<string, Value> = {};
  const backward: Record<string, Value> = {};
  cases.forEach(({ one, outputs, weights }, i) => {
    const parts = outputs.map((y, k) => {
      forward[`${i}y${k}`] = y;
      return f.reduceSum(f.reshape(f.mul(y, graph.constant(weights[k]!, y.shape)), [weights[k]!.length]), [0]);
    });
    const loss = parts.reduce((a, b) => f.add(a, b));
    const found = gradients(
      graph,
      loss,
      one.variables.map((v) => v.value),
    );
    found.forEach((g, k) => {
      expect(g.shape).toEqual(one.variables[k]!.value.shape);
      backward[`${i}g${k}`] = g;
    });
  });

  const feeds = (offset: (i: number, k: number, e: number) => number): Feeds =>
    Object.fromEntries(
      cases.flatMap(({ one }, i) => [
        ...one.variables.map(({ name, at }, k) => [name, at.map((v, e) => v + offset(i, k, e))] as const),
        ...Object.entries(one.fixed),
      ]),
    );
  const analytic = await once(
    graph,
    backward,
    feeds(() => 0),
  );
  const session = await compile(graph, forward);
  const losses = (y: Readonly<Record<string, number[]>>) =>
    cases.map(({ weights }, i) => weights.reduce((sum, w, k) => sum + dot(w, y[`${i}y${k}`]!), 0));

  const misses = cases.map(() => ({ miss: 0, size: 0 }));
  for (let d = 0; d < DIRECTIONS; d++) {
    const directions = cases.map(({ one }) => one.variables.map(({ at }) => at.map(() => random.uniform(-1, 1))));
    const slopes = cases.map(() => 0);
    for (const [steps, weight] of STENCIL) {
      const y = await session.run(feeds((i, k, e) => steps * STEP * directions[i]![k]![e]!));
      losses(y).forEach((loss, i) => {
        slopes[i]! += (weight * loss) / STEP;
      });
    }
    cases.forEach((_, i) => {
      const expected = directions[i]!.reduce((sum, way, k) => sum + dot(way, analytic[`${i}g${k}`]!), 0);
      misses[i]!.miss += (slopes[i]! - expected) ** 2;
      misses[i]!.size += slopes[i]! ** 2;
    });
  }
  await session.release();
  return cases.map(({ one, outputs }, i) => {
    const { miss, size } = misses[i]!;
    const from = one.variables.map((v) => `[${v.value.shape}]`).join(', ');
    return {
      // Where the slope itself vanishes (a clipped scalar), an absolute 1e-4 stands in for the relative 1e-3.
      error: Math.sqrt(miss) / Math.max(Math.sqrt(size), 0.1),
      label: `case ${i}: ${op} of ${from} to [${outputs[0]?.shape}]`,
    };
  });
}

async function once(graph: Graph, outputs: Readonly<Record<string, Value>>, feeds: Feeds) {
  const session = await compile(graph, outputs);
  const fetched = await session.run(feeds);
  await session.release();
  return fetched;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
