// What a call costs beyond the computation: the same tiny graph inline and in a child, tensors of 1 kB to 1 MB each way.
// Run: node --import tsx packages/runtime/bench/latency.ts [rounds]
import { openRuntime, type Runtime, type Session, tensor } from '../src/index.ts';
import { doubleModel } from '../test/graphs.ts';

const SIZES_KB = [1, 4, 16, 50, 100, 200, 1000];

async function timed(call: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await call();
  return performance.now() - start;
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

async function main(rounds: number): Promise<void> {
  const runtimes: Runtime[] = [];
  const opening: number[] = [];
  for (const process of ['inline', 'child'] as const) {
    opening.push(await timed(async () => runtimes.push(await openRuntime({ provider: 'cpu', process, threads: 1 }))));
  }
  const [inline, child] = runtimes as [Runtime, Runtime];
  const rows = [];
  for (const kilobytes of SIZES_KB) {
    const length = kilobytes * 250;
    const x = tensor('float32', [length], new Float32Array(length).fill(1));
    const sessions: Session[] = [await inline.load(doubleModel(length)), await child.load(doubleModel(length))];
    const times: number[][] = [[], []];
    // Interleaved, so that another program's load falls on both; the first rounds warm up.
    for (let round = -20; round < rounds; round++) {
      for (const [i, session] of sessions.entries()) {
        const ms = await timed(() => session.run({ x }));
        if (round >= 0) times[i]!.push(ms);
      }
    }
    const [a, b] = times.map((t) => t.sort((p, q) => p - q)) as [number[], number[]];
    rows.push({
      'kB each way': kilobytes,
      'inline p50 ms': quantile(a, 0.5).toFixed(3),
      'child p50 ms': quantile(b, 0.5).toFixed(3),
      'child p95 ms': quantile(b, 0.95).toFixed(3),
      'overhead p50 ms': (quantile(b, 0.5) - quantile(a, 0.5)).toFixed(3),
      '% of a 20 ms step': ((quantile(b, 0.5) - quantile(a, 0.5)) * 5).toFixed(1),
    });
    for (const session of sessions) await session[Symbol.asyncDispose]();
  }
  console.table(rows);
  const { rssBytes } = await child.stats();
  await child.kill();
  const restart = await timed(() => child.load(doubleModel(1)));
  console.log(
    `open inline ${opening[0]!.toFixed(0)} ms, open child ${opening[1]!.toFixed(0)} ms, restart and load ${restart.toFixed(0)} ms`,
  );
  console.log(`child memory with a tiny model: ${(rssBytes / 1e6).toFixed(0)} MB`);
  for (const runtime of runtimes) await runtime[Symbol.asyncDispose]();
}

await main(Number(process.argv[2] ?? 300));
