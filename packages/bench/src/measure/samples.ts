// Repeated measurements: taken in turns, summed up by order statistics.

export interface Summary {
  readonly median: number;
  /** First and third quartile. */
  readonly spread: readonly [number, number];
  readonly samples: number;
}

export function summarise(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    spread: [quantile(sorted, 0.25), quantile(sorted, 0.75)],
    samples: values.length,
  };
}

/** Linear between the two nearest of `sorted`. */
function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low === undefined || high === undefined ? Number.NaN : low + (high - low) * (at - Math.floor(at));
}

/** Median of the quotients of samples that were taken in the same round. */
export function ratioOf(other: readonly number[], own: readonly number[]): number {
  return summarise(other.map((x, i) => x / own[i]!)).median;
}

/** A candidate gives its own time in milliseconds: what happens outside of it is not counted. */
export type Candidate = (round: number) => Promise<number>;

/**
 * Rounds A B C, A B C ...: other load on the machine falls on all alike. One round more, the first, is not counted.
 * A pause lets the threads of the one before stop waiting for work.
 */
export async function interleave<K extends string>(
  candidates: Readonly<Record<K, Candidate>>,
  rounds: number,
): Promise<Record<K, number[]>> {
  const names = Object.keys(candidates) as K[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const ms = await candidates[name](round + 1);
      if (round >= 0) times[name].push(ms);
      await new Promise((done) => setTimeout(done, 30));
    }
  }
  return times;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
