// What other tokens at one position do to a picture: each candidate is decoded and ranked.
import { createHash } from 'node:crypto';
import { checkTokens, type Engine, type Frame, type LoadedEncoder, type LoadedTokenizer } from '@tessera/engine';
import { ComputeError, type Perturbation, type PerturbOptions, type TokensOf } from '@tessera/wire';
import { candidates } from './candidates.ts';
import type { ComputeWorkLimits } from './limits.ts';
import type { ModelShelf } from './model-shelf.ts';
import type { Pictures } from './pictures.ts';
import type { Turns } from './turns.ts';

export interface PerturbDesk {
  readonly engine: Engine;
  readonly shelf: ModelShelf;
  readonly pictures: Pictures;
  readonly turns: Turns;
  readonly limits: ComputeWorkLimits;
}

interface Ranked {
  readonly token: number;
  readonly change: number;
  readonly score?: number;
  readonly frame: Frame;
}

interface Text {
  readonly encoder: LoadedEncoder;
  readonly feature: Float32Array;
}

/** @throws ComputeError BAD_INPUT, UNSUPPORTED for a tokenizer without codebook; what models and tokens throw */
export async function perturb(
  desk: PerturbDesk,
  from: TokensOf,
  position: number,
  options: PerturbOptions,
): Promise<Perturbation[]> {
  const { pictures, limits } = desk;
  const loaded = await desk.shelf.tokenizer(from.tokenizer);
  const tokens = checkPosition(loaded, from, position);
  const text = options.order === 'text' ? await textOf(desk, options) : undefined;
  const original = await pictures.frame(loaded, { kind: 'indices', data: tokens });
  const { codebookSize } = loaded.tokenizer;
  const tried = candidates(codebookSize, tokens[position]!, limits.candidates, seedOf(loaded, tokens, position));
  const until = performance.now() + limits.perturbMs;
  const best: Ranked[] = [];
  for (const [done, token] of tried.entries()) {
    if (done >= options.count && performance.now() > until) break;
    const frame = await pictures.frame(loaded, { kind: 'indices', data: tokens.with(position, token) });
    const score = text && (await similarity(desk, text, frame));
    best.push({ token, change: change(original, frame), frame, ...(score !== undefined && { score }) });
    best.sort((a, b) => merit(b, options.order) - merit(a, options.order));
    // Frames of the others are let go.
    best.length = Math.min(best.length, options.count);
  }
  return Promise.all(
    best.map(async ({ frame, ...ranked }) => {
      const changed = { kind: 'indices', data: tokens.with(position, ranked.token) } as const;
      return { ...ranked, picture: await pictures.encoded(loaded, changed, options, frame) };
    }),
  );
}

function checkPosition(loaded: LoadedTokenizer, { tokens }: TokensOf, position: number): Int32Array {
  const { id, tokenizer } = loaded;
  if (tokenizer.codebookSize === 0 || tokens.kind === 'vectors') {
    throw new ComputeError('UNSUPPORTED', `Only codebook indices can be exchanged; ${id} was given ${tokens.kind}.`);
  }
  checkTokens(loaded, tokens);
  if (!Number.isInteger(position) || position < 0 || position >= tokenizer.tokens) {
    throw new ComputeError('BAD_INPUT', `position: is ${position}; ${id} has positions 0 to ${tokenizer.tokens - 1}`);
  }
  return tokens.data;
}

async function textOf({ engine, shelf, turns }: PerturbDesk, { model, prompt }: PerturbOptions): Promise<Text> {
  if (model === undefined || prompt === undefined)
    throw new ComputeError('BAD_INPUT', 'order: is text, which needs a model and a prompt; give both');
  const encoder = await shelf.encoder(model);
  return { encoder, feature: await turns.take(() => engine.embedText(encoder, prompt)) };
}

/** Cosine similarity: both features have length 1. */
async function similarity({ engine, turns }: PerturbDesk, { encoder, feature }: Text, frame: Frame): Promise<number> {
  const seen = await turns.take(() => engine.embedFrame(encoder, frame));
  return seen.reduce((sum, value, i) => sum + value * feature[i]!, 0);
}

function merit({ change, score = 0 }: Ranked, order: PerturbOptions['order']): number {
  if (order === 'text') return score;
  return order === 'largest' ? change : -change;
}

/** Root mean square difference of two frames, 0..1. */
function change(a: Frame, b: Frame): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += (a.data[i]! - b.data[i]!) ** 2;
  return Math.sqrt(sum / a.data.length) / 255;
}

/** The same request tries the same tokens. */
function seedOf({ sha256 }: LoadedTokenizer, tokens: Int32Array, position: number): number {
  const digest = createHash('sha256').update(`${sha256} ${position} ${tokens.join()}`).digest();
  return digest.readUInt32LE();
}
