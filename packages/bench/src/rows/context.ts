// What every group of rows is given.
import type { Reported } from '../report.ts';

export interface BenchContext {
  /** Whether a row was asked for. */
  wants(name: string): boolean;
  readonly rounds: number | undefined;
  readonly threads: number;
  /** Progress in words, kept apart from the results. */
  say(text: string): void;
}

/** Rows that are measured together, in the same rounds. */
export interface Group {
  readonly names: readonly string[];
  /** Rows that are measured only when they are named. */
  readonly onDemand?: readonly string[];
  measure(context: BenchContext): Promise<readonly Reported[]>;
}
