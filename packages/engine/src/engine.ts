// The engine: one runtime, a library of models, and the operations on images and tokens that runs are made of.
import type { OnnxModel } from '@tessera/graph';
import type { Runtime, SessionOptions, Tensor } from '@tessera/runtime';
import { tensor } from '@tessera/runtime';
import { PlanError } from './errors.ts';
import type { Frame, RunResult, StepEvent, Tokens } from './events.ts';
import { buildFrameFeatures, buildScore, buildTextFeatures } from './graphs/features.ts';
import { buildDecode, buildEncode, buildLookup, buildQuantise } from './graphs/tokens.ts';
import type { LoadedEncoder, LoadedTokenizer, ModelLibrary } from './library.ts';
import { optimise } from './loop/optimise.ts';
import type { OptimiseOptions } from './loop/run.ts';
import { dot } from './objectives/similarity.ts';
import { bytes, floats } from './outputs.ts';
import type { RunPlan } from './plan.ts';
import { type Lease, SessionCache } from './session-cache.ts';
import { viewPositions } from './views.ts';

export interface EngineOptions {
  readonly runtime: Runtime;
  readonly library: ModelLibrary;
  /** Idle graphs kept loaded. Default 8: what one edit of an image uses, and the step graph of the run before. */
  readonly idleGraphs?: number;
  readonly session?: SessionOptions;
}

/** Lower bound of a VAE's log-variance. Source: 1d-tokenizer, DiagonalGaussianDistribution. */
const LEAST_LOG_VARIANCE = -30;

/** The encoder's view of an image, and the tokens it becomes. */
export interface Encoded {
  /** [tokens, latentChannels], what optimisation starts from. */
  readonly latents: Float32Array;
  /** [tokens, channels], as the decoder reads them. */
  readonly vectors: Float32Array;
  readonly tokens: Tokens;
}

export class Engine {
  readonly runtime: Runtime;
  readonly library: ModelLibrary;
  readonly #cache: SessionCache;
  readonly #session: SessionOptions;
  readonly #textFeatures = new Map<string, Float32Array>();

  constructor({ runtime, library, idleGraphs = 8, session = {} }: EngineOptions) {
    this.runtime = runtime;
    this.library = library;
    this.#cache = new SessionCache(runtime, idleGraphs);
    this.#session = session;
  }

  /** Runs a plan. See optimise. */
  optimise(plan: RunPlan, options: OptimiseOptions = {}): AsyncGenerator<StepEvent, RunResult> {
    return optimise(this, plan, options);
  }

  /** A compiled graph, shared by key. */
  graph(key: string, build: () => OnnxModel): Promise<Lease> {
    return this.#cache.take(key, build, this.#session);
  }

  async run(
    key: string,
    build: () => OnnxModel,
    feeds: Readonly<Record<string, Tensor>>,
  ): Promise<Record<string, Tensor>> {
    using lease = await this.graph(key, build);
    return lease.run(feeds);
  }

  /** An image [3, S, S] in 0..1, S the tokenizer's image size. */
  async encode({ tokenizer, sha256 }: LoadedTokenizer, image: Float32Array): Promise<Encoded> {
    const side = tokenizer.imageSize;
    if (image.length !== 3 * side * side) {
      throw new PlanError('image', `has ${image.length} numbers, this tokenizer reads 3 x ${side} x ${side}`);
    }
    const outputs = await this.run(`encode ${sha256} ${side}`, () => buildEncode(tokenizer, 'float32'), {
      image: tensor('float32', [1, 3, side, side], image),
    });
    const vectors = floats(outputs, 'vectors');
    return { latents: floats(outputs, 'latents'), vectors, tokens: tokensOf(outputs, vectors) };
  }

  /** The tokens that latents [tokens, latentChannels] stand for. */
  async quantise({ tokenizer, sha256 }: LoadedTokenizer, latents: Float32Array): Promise<Tokens> {
    const outputs = await this.run(`quantise ${sha256} ${tokenizer.imageSize}`, () => buildQuantise(tokenizer), {
      latents: tensor('float32', [1, tokenizer.tokens, tokenizer.latentChannels], latents),
    });
    return tokensOf(outputs, floats(outputs, 'vectors'));
  }

  /** Tokens as latents to start a run from, [tokens, latentChannels]. A VAE's get a variance of about zero. */
  async latentsOf(loaded: LoadedTokenizer, tokens: Tokens): Promise<Float32Array> {
    const { tokenizer } = loaded;
    const vectors = await this.vectors(loaded, tokens);
    if (tokenizer.kind !== 'vae') return vectors;
    const { channels, latentChannels } = tokenizer;
    return Float32Array.from({ length: tokenizer.tokens * latentChannels }, (_, i) => {
      const channel = i % latentChannels;
      return channel < channels ? vectors[Math.floor(i / latentChannels) * channels + channel]! : LEAST_LOG_VARIANCE;
    });
  }

  /** Tokens as the decoder reads them, [tokens, channels]. */
  async vectors(loaded: LoadedTokenizer, tokens: Tokens): Promise<Float32Array> {
    checkTokens(loaded, tokens);
    if (tokens.kind === 'vectors') return tokens.data;
    const { tokenizer, sha256 } = loaded;
    const outputs = await this.run(`lookup ${sha256}`, () => buildLookup(tokenizer), {
      indices: tensor('int64', [1, tokenizer.tokens], BigInt64Array.from(tokens.data, BigInt)),
    });
    return floats(outputs, 'vectors');
  }

  /** Tokens to an 8-bit frame. The same tokens always give the same frame. @throws PlanError for tokens of another tokenizer */
  async decode(loaded: LoadedTokenizer, tokens: Tokens): Promise<Frame> {
    checkTokens(loaded, tokens);
    const { tokenizer, sha256 } = loaded;
    const { kind, data } = tokens;
    const feed =
      kind === 'indices'
        ? tensor('int64', [1, tokenizer.tokens], BigInt64Array.from(data, BigInt))
        : tensor('float32', [1, tokenizer.tokens, tokenizer.channels], data);
    const outputs = await this.run(
      `decode ${kind} ${sha256} ${tokenizer.imageSize}`,
      () => buildDecode(tokenizer, kind, 'float32'),
      { [kind]: feed },
    );
    const side = tokenizer.imageSize;
    return { width: side, height: side, data: bytes(outputs, 'frame') };
  }

  /** Unit text feature [embedDim] of a prompt; kept, because prompts recur at every step and run. */
  async embedText({ encoder, text, sha256 }: LoadedEncoder, prompt: string): Promise<Float32Array> {
    const key = `${sha256} ${prompt}`;
    const known = this.#textFeatures.get(key);
    if (known) return known;
    const ids = BigInt64Array.from(text.encode(prompt).ids, BigInt);
    const outputs = await this.run(`text ${sha256}`, () => buildTextFeatures(encoder), {
      ids: tensor('int64', [1, encoder.contextLength], ids),
    });
    const features = floats(outputs, 'features');
    if (this.#textFeatures.size >= 1000) this.#textFeatures.delete(this.#textFeatures.keys().next().value!);
    this.#textFeatures.set(key, features);
    return features;
  }

  /** Unit image feature [embedDim] of a square frame, seen whole. */
  async embedFrame({ encoder, sha256 }: LoadedEncoder, frame: Frame): Promise<Float32Array> {
    const side = frame.width;
    const size = encoder.imageSize;
    const outputs = await this.run(`frame ${sha256} ${side}`, () => buildFrameFeatures(encoder, side, 'float32'), {
      frame: tensor('uint8', [1, side, side, 3], frame.data),
      views: tensor('float32', [1, 1, 2, size], viewPositions([], side, size)),
    });
    return floats(outputs, 'features');
  }

  /** The model's own score of a frame for a prompt: cosine similarity for CLIP, the scaled logit for SigLIP. */
  async score(loaded: LoadedEncoder, frame: Frame, prompt: string): Promise<number> {
    const similarity = dot(await this.embedFrame(loaded, frame), await this.embedText(loaded, prompt));
    const outputs = await this.run(`score ${loaded.sha256}`, () => buildScore(loaded.encoder), {
      similarity: tensor('float32', [1], Float32Array.of(similarity)),
    });
    return floats(outputs, 'score')[0]!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runtime[Symbol.asyncDispose]();
  }
}

/** @throws PlanError unless the tokens have the tokenizer's count, and indices lie in its codebook */
export function checkTokens({ id, tokenizer }: LoadedTokenizer, tokens: Tokens): void {
  const { tokens: count, channels, codebookSize } = tokenizer;
  if (tokens.kind === 'vectors') {
    if (tokens.data.length !== count * channels) {
      throw new PlanError('tokens', `hold ${tokens.data.length} numbers, ${id} reads ${count} x ${channels}`);
    }
    return;
  }
  if (codebookSize === 0) throw new PlanError('tokens', `are indices, but ${id} has no codebook: give vectors`);
  if (tokens.data.length !== count)
    throw new PlanError('tokens', `are ${tokens.data.length}, ${id} has ${count} positions`);
  const bad = tokens.data.findIndex((index) => index < 0 || index >= codebookSize);
  if (bad >= 0)
    throw new PlanError(
      'tokens',
      `hold ${tokens.data[bad]} at position ${bad}; ${id} has codes 0 to ${codebookSize - 1}`,
    );
}

function tokensOf(outputs: Record<string, Tensor>, vectors: Float32Array): Tokens {
  const indices = outputs.indices;
  if (indices?.dtype !== 'int64') return { kind: 'vectors', data: vectors };
  return { kind: 'indices', data: Int32Array.from(indices.data, Number) };
}
