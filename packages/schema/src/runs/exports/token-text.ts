// The history of a run as CSV and as JSON, row by row: text that is sent while it is made.
import type { StepRecord } from '@tessera/protocol';
import type { TokenFacts } from './token-table.ts';

/** Text is sent in pieces of about this many characters. */
const PIECE = 64 * 1024;

/** `step,loss,regularisation,score,skipped,token_0,...`: a row per step; vectors as `token_0_0,...`. Empty where there is no number. */
export async function* csvOf(
  history: AsyncIterable<StepRecord>,
  { positions, channels }: { readonly positions: number; readonly channels: number },
): AsyncGenerator<string> {
  const places = Array.from({ length: positions }, (_, i) => `token_${i}`);
  const names =
    channels > 0 ? places.flatMap((name) => Array.from({ length: channels }, (_, c) => `${name}_${c}`)) : places;
  yield* pieces(rows());
  async function* rows(): AsyncGenerator<string> {
    yield `step,loss,regularisation,score,skipped,${names.join(',')}\r\n`;
    for await (const { step, loss, regularisation, score, skipped, tokens } of history) {
      const numbers = [loss, regularisation, score].map((value) => (Number.isFinite(value) ? String(value) : ''));
      yield `${step},${numbers.join(',')},${Number(skipped)},${tokens.data.join(',')}\r\n`;
    }
  }
}

/** The facts, with `rows`: everything of every step, and `indices` of all of them where there is a codebook. */
export async function* jsonOf(history: AsyncIterable<StepRecord>, facts: TokenFacts): AsyncGenerator<string> {
  const head = JSON.stringify(facts).slice(0, -1);
  yield* pieces(rows());
  async function* rows(): AsyncGenerator<string> {
    yield `${head},"steps":[`;
    // Kept until the end: 20,000 steps of 32 tokens are 2 MB.
    const indices: string[] = [];
    let first = true;
    for await (const step of history) {
      const { tokens, gradientNorms, ...rest } = step;
      const data = Array.from(tokens.data);
      if (tokens.kind === 'indices') indices.push(`[${data.join(',')}]`);
      const row = {
        ...rest,
        ...(tokens.kind === 'vectors' && { vectors: data }),
        gradientNorms: Array.from(gradientNorms),
      };
      // JSON has no NaN: it writes null.
      yield `${first ? '' : ','}\n${JSON.stringify(row)}`;
      first = false;
    }
    yield `]${indices.length > 0 ? `,"indices":[\n${indices.join(',\n')}]` : ''}}\n`;
  }
}

async function* pieces(rows: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const row of rows) {
    piece += row;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
