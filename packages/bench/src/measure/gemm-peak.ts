// What the machine can do at most: matrix products alone, in ONNX Runtime, of the shapes that dominate a step and of a square one.
import { f, Graph, type OnnxModel, toOnnx } from '@tessera/graph';
import { type Runtime, tensor } from '@tessera/runtime';
import { interleave, summarise, timed } from './samples.ts';

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

export type GemmRates = Readonly<Record<string, number>>;

/** Billions of operations a second, by shape (medians). */
export async function gemmRates(runtime: Runtime, threads: number, rounds: number): Promise<GemmRates> {
  const entries = Object.entries(CHAINS);
  const sessions = await Promise.all(entries.map(([, chain]) => runtime.load(chainModel(chain), { threads })));
  const times = await interleave(
    Object.fromEntries(
      entries.map(([name, { rows }], i) => [
        name,
        () => timed(() => sessions[i]!.run({ x: tensor('float32', [rows, 1], new Float32Array(rows).fill(1)) })),
      ]),
    ),
    rounds,
  );
  for (const session of sessions) await session[Symbol.asyncDispose]();
  return Object.fromEntries(
    entries.map(([name, { rows, a, b, pairs }]) => [
      name,
      (4 * rows * a * b * pairs) / summarise(times[name]!).median / 1e6,
    ]),
  );
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
