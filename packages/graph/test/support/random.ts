// Seeded randomness for tests: the seed is printed, and TESSERA_SEED replays it.
import type { Shape } from '../../src/index.ts';
import { numElements } from '../../src/index.ts';

export const SEED = Number(process.env.TESSERA_SEED ?? 20260801);

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Uniform in [0, 1). Source: mulberry32, public domain. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  uniform(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Whole number in low .. high. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  coin(): boolean {
    return this.next() < 0.5;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.integer(0, values.length - 1)]!;
  }

  shuffled<T>(values: readonly T[]): T[] {
    const left = [...values];
    return values.map(() => left.splice(this.integer(0, left.length - 1), 1)[0]!);
  }

  shape(minRank: number, maxRank: number, longest = 4): Shape {
    return Array.from({ length: this.integer(minRank, maxRank) }, () => this.integer(1, longest));
  }

  /** A shape that broadcasts to `shape`: leading axes dropped, some of the others made 1. */
  narrower(shape: Shape): Shape {
    return shape.slice(this.integer(0, shape.length)).map((d) => (this.next() < 0.3 ? 1 : d));
  }

  fill(shape: Shape, draw: () => number): number[] {
    return Array.from({ length: numElements(shape) }, draw);
  }
}
