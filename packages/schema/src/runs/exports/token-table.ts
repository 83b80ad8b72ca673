// The history of a run as arrays, and as a NumPy archive or a safetensors file: the form that the command line writes, too.
import { encodeNpz, type NdArray } from '@tessera/media';
import { writeSafetensors } from '@tessera/models';
import type { StepRecord } from '@tessera/protocol';
import { SchemaError } from '../../errors.ts';

export const TOKEN_FORMAT = 'tessera-tokens-1';

/** What stands beside the arrays as JSON. */
export interface TokenFacts {
  readonly format: typeof TOKEN_FORMAT;
  readonly tokenizer: { readonly id: string; readonly sha256?: string };
  /** Random seed of the run. */
  readonly seed: number;
  /** Kinds of the objectives, in the order of `term_losses` and `similarities`. */
  readonly objectives: readonly string[];
  readonly manifest?: object;
}

export interface TableShape {
  /** Rows. */
  readonly steps: number;
  readonly positions: number;
  /** Values per position of vectors; 0 for indices. */
  readonly channels: number;
  readonly objectives: number;
}

type Column = { readonly shape: readonly number[]; readonly data: Float32Array | Int32Array | Uint16Array };
export type TokenTable = Readonly<Record<string, Column>>;

/** Arrays of one answer: the archive is made in memory. */
const MAX_BYTES = 128 * 1024 * 1024;

/**
 * `steps` [n] int32, `indices` [n, positions] uint16 or `vectors` [n, positions, channels], loss, regularisation and score [n]
 * (NaN where the meter was not read), term_losses and similarities [n, objectives], gradient_norms [n, positions], float32.
 * @throws SchemaError (TOO_LARGE) before anything is allocated
 */
export async function tokenTable(history: AsyncIterable<StepRecord>, shape: TableShape): Promise<TokenTable> {
  const { steps: n, positions, channels, objectives } = shape;
  const bytes = n * (16 + positions * (channels > 0 ? 4 * channels + 4 : 6) + 8 * objectives);
  if (bytes > MAX_BYTES) {
    const mb = (size: number) => `${Math.round(size / 1024 / 1024)} MB`;
    throw new SchemaError(
      'TOO_LARGE',
      `The history takes ${mb(bytes)}, over ${mb(MAX_BYTES)}; take a larger stride.`,
      'stride',
    );
  }
  const floats = (...inner: number[]) => ({
    shape: [n, ...inner],
    data: new Float32Array(inner.reduce((product, size) => product * size, n)).fill(Number.NaN),
  });
  const table = {
    steps: { shape: [n], data: new Int32Array(n) },
    ...(channels > 0
      ? { vectors: floats(positions, channels) }
      : { indices: { shape: [n, positions], data: new Uint16Array(n * positions) } }),
    loss: floats(),
    regularisation: floats(),
    score: floats(),
    term_losses: floats(objectives),
    similarities: floats(objectives),
    gradient_norms: floats(positions),
  };
  const tokens = 'vectors' in table ? table.vectors : table.indices;
  let row = 0;
  for await (const step of history) {
    if (row === n) break;
    table.steps.data[row] = step.step;
    tokens?.data.set(step.tokens.data, row * step.tokens.data.length);
    table.loss.data[row] = step.loss;
    table.regularisation.data[row] = step.regularisation;
    table.score.data[row] = step.score ?? Number.NaN;
    table.gradient_norms.data.set(step.gradientNorms, row * positions);
    step.terms.slice(0, objectives).forEach(({ loss, similarity }, t) => {
      table.term_losses.data[row * objectives + t] = loss;
      table.similarities.data[row * objectives + t] = similarity ?? Number.NaN;
    });
    row++;
  }
  return table;
}

export function encodeTokenTable(table: TokenTable, facts: TokenFacts, format: 'NPZ' | 'SAFETENSORS'): Uint8Array {
  const json = JSON.stringify(facts);
  if (format === 'SAFETENSORS') return writeSafetensors(table, { format: facts.format, metadata: json });
  const metadata = new TextEncoder().encode(json);
  return encodeNpz({
    ...Object.fromEntries(Object.entries(table).map(([name, column]) => [name, ndArray(column)])),
    metadata: { dtype: 'uint8', shape: [metadata.length], data: metadata },
  });
}

function ndArray({ shape, data }: Column): NdArray {
  if (data instanceof Float32Array) return { dtype: 'float32', shape, data };
  return data instanceof Int32Array ? { dtype: 'int32', shape, data } : { dtype: 'uint16', shape, data };
}
