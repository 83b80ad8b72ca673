// Token files: the tokens of an image, or of every step of a run, with the numbers beside them.
import type { LoadedTokenizer, RunPlan, StepEvent, Tokens } from '@tessera/engine';
import type { RunRecord } from '../run/record.ts';

export const TOKEN_FORMAT = 'tessera-tokens-1';

/** Arrays by name; the first axis of each is the row. */
export type Arrays = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly data: Float32Array | Int32Array | Uint16Array }>
>;

/** What stands beside the arrays as JSON. */
export interface TokenFacts {
  readonly format: typeof TOKEN_FORMAT;
  readonly tokenizer: { readonly id: string; readonly sha256: string };
  /** Random seed of the run; absent for the tokens of an image. */
  readonly seed?: number;
  /** Kinds of the objectives, in the order of `term_losses` and `similarities`. */
  readonly objectives?: readonly string[];
  /** Absent for the tokens of an image, and where a run failed and no manifest could be made. */
  readonly manifest?: RunRecord;
}

export interface TokenTable {
  readonly facts: TokenFacts;
  readonly arrays: Arrays;
}

/** Size of a tokenizer's tokens, as a table stores them. */
export interface TokenShape {
  readonly tokens: number;
  readonly channels: number;
  readonly codebookSize: number;
}

/** `steps` [n] int32 and `indices` [n, tokens] (uint16 where the codebook fits) or `vectors` [n, tokens, channels]. */
export function tokenArrays(rows: readonly Tokens[], steps: readonly number[], shape: TokenShape): Arrays {
  const { tokens: count, channels, codebookSize } = shape;
  const index = { steps: { shape: [rows.length], data: Int32Array.from(steps) } };
  if (rows.every((row) => row.kind === 'indices')) {
    const flat = rows.flatMap((row) => Array.from(row.data));
    const data = codebookSize <= 65_536 ? Uint16Array.from(flat) : Int32Array.from(flat);
    return { ...index, indices: { shape: [rows.length, count], data } };
  }
  const data = Float32Array.from(rows.flatMap((row) => Array.from(row.data)));
  return { ...index, vectors: { shape: [rows.length, count, channels], data } };
}

/** What a history belongs to. */
export interface HistoryFacts {
  readonly plan: RunPlan;
  readonly tokenizer: LoadedTokenizer;
  readonly record: RunRecord | undefined;
}

/** Collects the steps of a run. */
export class History {
  readonly #events: Omit<StepEvent, 'frame'>[] = [];

  add({ frame: _, ...event }: StepEvent): void {
    this.#events.push(event);
  }

  /**
   * All steps as arrays: tokens, loss [n], regularisation [n], score [n] (NaN where the meter was not read),
   * term_losses and similarities [n, objectives], gradient_norms [n, tokens], all float32.
   */
  table({ plan, tokenizer: { id, sha256, tokenizer: shape }, record }: HistoryFacts): TokenTable {
    const events = this.#events;
    const floats = (
      name: string,
      inner: readonly number[],
      of: (event: Omit<StepEvent, 'frame'>) => Iterable<number>,
    ) => ({
      [name]: { shape: [events.length, ...inner], data: Float32Array.from(events.flatMap((event) => [...of(event)])) },
    });
    const objectives = plan.objectives.map(({ kind }) => kind);
    return {
      facts: {
        format: TOKEN_FORMAT,
        tokenizer: { id, sha256 },
        seed: plan.seed,
        objectives,
        ...(record && { manifest: record }),
      },
      arrays: {
        ...tokenArrays(
          events.map(({ tokens }) => tokens),
          events.map(({ step }) => step),
          shape,
        ),
        ...floats('loss', [], ({ loss }) => [loss]),
        ...floats('regularisation', [], ({ regularisation }) => [regularisation]),
        ...floats('score', [], ({ score }) => [score ?? Number.NaN]),
        ...floats('term_losses', [objectives.length], ({ terms }) => terms.map(({ loss }) => loss)),
        ...floats('similarities', [objectives.length], ({ terms }) => terms.map((t) => t.similarity ?? Number.NaN)),
        ...floats('gradient_norms', [shape.tokens], ({ gradientNorms }) => gradientNorms),
      },
    };
  }
}
