// How much the live channel carries: 200 subscribers at 30 frames a second, stalled readers, latency over Redis.
import { spawn } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LiveChannel, openBus } from '../src/index.ts';

const seconds = Number(process.argv[2] ?? 5);
const rows: Record<string, Record<string, string | number>> = {};

interface Load {
  readonly subscribers: number;
  readonly stalled: number;
  readonly fps: number;
}

/** One run with a step (300 bytes, lossless) and a frame (5 to 10 kB, latest) per tick. */
async function measure(name: string, live: LiveChannel, publisher: LiveChannel, load: Load): Promise<void> {
  const delays: number[] = [];
  let frames = 0;
  const abort = new AbortController();
  setMaxListeners(0, abort.signal);
  const readers = Array.from({ length: load.subscribers }, async () => {
    for await (const delivery of live.subscribe('run', { signal: abort.signal })) {
      if (delivery.type !== 'latest' || delivery.data === null) continue;
      frames += 1;
      delays.push(performance.now() - Buffer.from(delivery.data.buffer, delivery.data.byteOffset, 8).readDoubleLE(0));
    }
  });
  const stalled = Array.from({ length: load.stalled }, () => live.subscribe('run', { signal: abort.signal }));
  await live.subscribe('run', { signal: abort.signal }).ready;
  globalThis.gc?.();
  const before = { cpu: process.cpuUsage(), rss: process.memoryUsage().rss, at: performance.now() };
  let seq = 0;
  while (performance.now() - before.at < seconds * 1000) {
    seq += 1;
    await publisher.publish('run', { kind: 'lossless', data: new Uint8Array(300), seq });
    const frame = Buffer.alloc(5_000 + ((seq * 37) % 5_000));
    frame.writeDoubleLE(performance.now(), 0);
    await publisher.publish('run', { kind: 'latest', data: frame });
    const next = before.at + (seq * 1000) / load.fps;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
  }
  const took = (performance.now() - before.at) / 1000;
  const { user, system } = process.cpuUsage(before.cpu);
  delays.sort((a, b) => a - b);
  rows[name] = {
    'frames/s': Math.round(frames / took),
    'cpu %': Number(((user + system) / 1e4 / took).toFixed(1)),
    'p50 ms': Number(delays[Math.floor(delays.length * 0.5)]?.toFixed(2)),
    'p95 ms': Number(delays[Math.floor(delays.length * 0.95)]?.toFixed(2)),
    'held kB': Math.round(live.stats().bytes / 1000),
    'rss +MB': Math.round((process.memoryUsage().rss - before.rss) / 1e6),
  };
  abort.abort();
  await Promise.all([...readers, ...stalled.map((subscription) => subscription.return())]);
}

{
  await using bus = await openBus();
  await measure('memory, 200 x 30/s', bus.live, bus.live, { subscribers: 200, stalled: 0, fps: 30 });
}
{
  await using bus = await openBus();
  await measure('memory, 200 x 30/s + 200 stalled', bus.live, bus.live, { subscribers: 200, stalled: 200, fps: 30 });
}

const folder = mkdtempSync(join(tmpdir(), 'tessera-bench-'));
const socket = join(folder, 's');
const server = spawn('redis-server', ['--port', '0', '--unixsocket', socket, '--dir', folder, '--save', ''], {
  stdio: 'ignore',
});
const missing = await new Promise<boolean>((resolve) => {
  server.once('error', () => resolve(true));
  setTimeout(() => resolve(false), 500);
});
if (missing) console.log('redis-server is not installed: Redis is not measured');
else {
  await using api = await openBus({ redisUrl: socket });
  await using worker = await openBus({ redisUrl: socket });
  await measure('Redis, 1 x 30/s', api.live, worker.live, { subscribers: 1, stalled: 0, fps: 30 });
  await measure('Redis, 200 x 30/s', api.live, worker.live, { subscribers: 200, stalled: 50, fps: 30 });
}
server.kill();
console.table(rows);
rmSync(folder, { recursive: true, force: true });
