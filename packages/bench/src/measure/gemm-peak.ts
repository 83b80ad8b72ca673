// What the machine can do at most: matrix products alone, in ONNX Runtime, of the shapes that dominate a step and of a square one.
import { f, Graph, type OnnxModel, toOnnx } from '@tessera/graph';
import { type Runtime, tensor } from '@tessera/runtime';
import { type Candidate, timed } from './samples.ts';

/** [rows, a] x [a, b] x [b, a] ...: `pairs` times there and back. */
interface Chain {
  readonly rows: number;
  readonly a: number;
  readonly b: number;
  readonly pairs: number;
}

const CHAINS: Readonly<Record<string, Chain>> = {
  '1024^3': { rows: 1024, a: 1024, b: 1024, pairs: 6 },
  '2048^3': { rows: 2048, a: 2048, b: 2048, pairs: 1 },
  '289x1024x4096': { rows: 289, a: 1024, b: 4096, pairs: 4 },
  '400x768x3072': { rows: 400, a: 768, b: 3072, pairs: 6 },
};

export interface GemmCandidates {
  readonly candidates: Readonly<Record<string, Candidate>>;
  /** Billions of operations a second in one round, by shape. */
  rates(times: Readonly<Record<string, readonly number[]>>, round: number): Readonly<Record<string, number>>;
}

/** Products to be timed in the same rounds as a step, because load on the machine slows both. */
export async function gemmCandidates(runtime: Runtime, threads: number): Promise<GemmCandidates> {
  const chains = Object.entries(CHAINS);
  const steps: [string, Candidate][] = [];
  for (const [name, chain] of chains) {
    const session = await runtime.load(chainModel(chain), { threads });
    const x = tensor('float32', [chain.rows, 1], new Float32Array(chain.rows).fill(1));
    steps.push([name, () => timed(() => session.run({ x }))]);
  }
  return {
    candidates: Object.fromEntries(steps),
    rates: (times, round) =>
      Object.fromEntries(
        chains.map(([name, { rows, a, b, pairs }]) => [name, (4 * rows * a * b * pairs) / times[name]![round]! / 1e6]),
      ),
  };
}

function chainModel({ rows, a, b, pairs }: Chain): OnnxModel {
  const graph = new Graph();
  const weight = (inner: number, outer: number) =>
    graph.constant(
      Float32Array.from({ length: inner * outer }, (_, i) => (((i * 7919) % 1009) / 504.5 - 1) / Math.sqrt(inner)),
      [inner, outer],
    );
  const [there, back] = [weight(a, b), weight(b, a)];
  let x = f.expand(graph.input('x', [rows, 1]), [rows, a]);
  for (let i = 0; i < pairs; i++) x = f.gemm(f.gemm(x, there), back);
  // One number comes back, so that the way between the processes does not count.
  return toOnnx(graph, { mean: f.reduceMean(x, [0, 1]) });
}
