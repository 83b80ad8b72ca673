// One random application of an op, for the comparison of its gradient with central differences.
import { type DType, type Graph, numElements, type Shape, type Value } from './face.ts';
import type { Random } from './random.ts';

/** Collects the tensors of one case; every tensor becomes an input of the graph. */
export class Case {
  readonly graph: Graph;
  readonly random: Random;
  readonly variables: { readonly value: Value; readonly name: string; readonly at: Float64Array }[] = [];
  readonly fixed: Record<string, readonly number[]> = {};
  readonly #prefix: string;

  constructor(graph: Graph, random: Random, prefix: string) {
    this.graph = graph;
    this.random = random;
    this.#prefix = prefix;
  }

  /** A tensor whose gradient is tested; elements normal-ish in -2 .. 2 unless drawn otherwise. */
  variable(shape: Shape, draw: () => number = () => this.random.uniform(-2, 2)): Value {
    const name = `${this.#prefix}x${this.variables.length}`;
    const value = this.graph.input(name, shape);
    this.variables.push({ value, name, at: Float64Array.from(this.random.fill(shape, draw)) });
    return value;
  }

  /** A tensor that stays as it is: conditions, indices, frozen kernels. */
  constant(shape: Shape, dtype: DType, draw: () => number): Value {
    const name = `${this.#prefix}c${Object.keys(this.fixed).length}`;
    this.fixed[name] = this.random.fill(shape, draw);
    return this.graph.input(name, shape, dtype);
  }

  /** Magnitude in low .. high, either sign. */
  awayFromZero(low: number, high: number): () => number {
    return () => this.random.uniform(low, high) * (this.random.coin() ? 1 : -1);
  }

  get size(): number {
    return this.variables.reduce((n, v) => n + numElements(v.value.shape), 0);
  }
}

/** Builds a case and returns the outputs whose sum, weighted at random, is differentiated. */
export type CaseGenerator = (c: Case, random: Random) => Value | readonly Value[];
