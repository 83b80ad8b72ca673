// A small seeded generator for fuzzing: the same seed gives the same mutants on every machine.

export interface Random {
  /** Integer in [0, below). */
  int(below: number): number;
  pick<T>(items: readonly T[]): T;
  chance(probability: number): boolean;
}

/** Mulberry32. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (below: number) => Math.floor(next() * below);
  return {
    int,
    pick<T>(items: readonly T[]): T {
      const item = items[int(items.length)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
    chance: (probability) => next() < probability,
  };
}

/** Mutants to try: a CI-sized count, or TESSERA_FUZZ. */
export function fuzzCount(ci: number): number {
  return Number(process.env.TESSERA_FUZZ ?? ci);
}

/** Seed of a fuzzing run: TESSERA_FUZZ_SEED, or fixed so that CI does not flicker. Printed by the tests. */
export function fuzzSeed(): number {
  return Number(process.env.TESSERA_FUZZ_SEED ?? 20_240_611);
}
