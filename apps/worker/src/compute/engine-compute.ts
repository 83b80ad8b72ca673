// Compute on a real engine: what a worker answers beside its runs, in small pieces that let steps in between.
import { checkTokens, type Engine, type LoadedTokenizer } from '@tessera/engine';
import type { ModelStore } from '@tessera/models';
import type { TokenData } from '@tessera/protocol';
import { type Compute, ComputeError } from '@tessera/wire';
import { withComputeErrors } from './faults.ts';
import { type ComputeWorkLimits, computeWorkLimitsWith } from './limits.ts';
import { ModelShelf } from './model-shelf.ts';
import { perturb } from './perturb.ts';
import { Pictures } from './pictures.ts';
import { readFrame, readSquare } from './read-square.ts';
import { Turns } from './turns.ts';

/** The engine and the store stay the caller's. Throws ComputeErrors; anything else is a fault to be logged. */
export function engineCompute(engine: Engine, store: ModelStore, own: Partial<ComputeWorkLimits> = {}): Compute {
  const limits = computeWorkLimitsWith(own);
  const shelf = new ModelShelf(engine.library, store);
  const turns = new Turns();
  const pictures = new Pictures(engine, turns, limits.cacheBytes);
  const desk = { engine, shelf, pictures, turns, limits };
  return {
    models: () => withComputeErrors(() => shelf.summaries()),

    decode: (tokenizer, tokens, options = {}) =>
      withComputeErrors(async () => {
        const loaded = await shelf.tokenizer(tokenizer);
        for (const each of tokens) checkFinite(loaded, each);
        return Promise.all(tokens.map((each) => pictures.decoded(loaded, each, options)));
      }),

    encode: (tokenizer, picture) =>
      withComputeErrors(async () => {
        const loaded = await shelf.tokenizer(tokenizer);
        const image = await readSquare(picture, loaded.tokenizer.imageSize);
        return (await turns.take(() => engine.encode(loaded, image))).tokens;
      }),

    embedTexts: (model, texts) =>
      withComputeErrors(async () => {
        const encoder = await shelf.encoder(model);
        return Promise.all(texts.map((text) => turns.take(() => engine.embedText(encoder, text))));
      }),

    embedPictures: (model, encoded) =>
      withComputeErrors(async () => {
        const encoder = await shelf.encoder(model);
        const features: Float32Array[] = [];
        // One after the other: a picture of 16 MP takes 48 MB while it is scaled down.
        for (const picture of encoded) {
          const frame = await readFrame(picture, encoder.encoder.imageSize);
          features.push(await turns.take(() => engine.embedFrame(encoder, frame)));
        }
        return features;
      }),

    perturb: (from, position, options) => withComputeErrors(() => perturb(desk, from, position, options)),
  };
}

/** @throws PlanError, ComputeError BAD_INPUT */
function checkFinite(loaded: LoadedTokenizer, tokens: TokenData): void {
  checkTokens(loaded, tokens);
  const bad = tokens.data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new ComputeError('BAD_INPUT', `tokens: hold ${tokens.data[bad]} at number ${bad}; give numbers`);
}
