// Compares gradients with central differences on ONNX Runtime; the losses are summed in double precision here.
import { Case, type CaseGenerator } from './case.ts';
import { compile, type Feeds } from './evaluate.ts';
import { f, Graph, gradients, sameShape, type Value } from './face.ts';
import type { Random } from './random.ts';

const DIRECTIONS = 6;
/** Five-point differences: the error of truncation falls with STEP^4, that of float32 rounding with 1 / STEP. */
const STEP = 0.03;
const STENCIL = [
  [-2, 1 / 12],
  [-1, -8 / 12],
  [1, 8 / 12],
  [2, -1 / 12],
] as const;

export interface Compared {
  readonly error: number;
  readonly label: string;
}

/**
 * Relative error of the gradients of `count` generated cases, along random directions.
 * All live in one graph, so that each run moves all of them at once.
 */
export async function compareGradients(generate: CaseGenerator, random: Random, count: number): Promise<Compared[]> {
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
      const { shape } = one.variables[k]!.value;
      if (!sameShape(g.shape, shape)) throw new Error(`the gradient of [${shape}] has shape [${g.shape}]`);
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
      label: `case ${i}, ${from} to [${outputs[0]?.shape}]`,
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
