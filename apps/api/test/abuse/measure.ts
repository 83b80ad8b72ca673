// What every attack measures with: memory of this process, waits that end, and what the server still holds afterwards.
import { sleep } from '@tessera/protocol/testing';
import type { TestServer } from '../support/server.ts';

export interface AttackReport {
  readonly attempts: number;
  /** Subscribers of the live channel, and sockets, that the server still holds when everybody is gone. */
  readonly leaked: number;
  /** Growth of this process, in which server and attackers live, in MB. */
  readonly grownMb: number;
}

export interface AttackOptions {
  /** Hears how many of the attempts are over. */
  readonly onProgress?: (done: number) => void;
}

export const rssMb = (): number => {
  global.gc?.();
  return process.memoryUsage.rss() / 1e6;
};

/** What is in use after a collection, in MB: growth shows here also while memory of before goes back to the system. 0 without --expose-gc. */
export function heldMb(): number {
  if (!global.gc) return 0;
  global.gc();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

/** False where it is not settled within `ms`. */
export async function settles(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits up to a minute: closing is told after the socket is gone. */
export async function leftBehind(world: TestServer): Promise<number> {
  const end = Date.now() + 60_000;
  for (;;) {
    const held = world.server.services.bus.live.stats().subscribers + (await openSockets(world));
    if (held === 0 || Date.now() > end) return held;
    await sleep(50);
  }
}

async function openSockets({ origin }: TestServer): Promise<number> {
  const metrics = await (await fetch(`${origin}/metrics`)).text();
  return Number(/^tessera_sockets (\d+)$/m.exec(metrics)?.[1] ?? NaN);
}
