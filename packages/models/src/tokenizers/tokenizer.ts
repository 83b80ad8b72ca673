// The one interface behind which every image tokenizer stands.
import type { FloatDType, Graph, Value } from '@tessera/graph';

export interface Quantised {
  /** Token vectors as the decoder reads them, [B, tokens, channels], float32. */
  readonly vectors: Value;
  /** Codebook indices [B, tokens] int64; absent for a continuous tokenizer. */
  readonly indices?: Value;
}

/** An image tokenizer as graph functions. Tokens are [B, tokens, channels]; images NCHW in 0..1. */
export interface Tokenizer {
  readonly kind: 'vq' | 'vae' | 'pixels';
  readonly imageSize: number;
  readonly tokens: number;
  /** Channels of the encoder's output, which is what is optimised (a VAE's are mean and log-variance). */
  readonly latentChannels: number;
  /** Channels of a token vector as the decoder reads it. */
  readonly channels: number;
  /** Entries of the codebook; 0 for a continuous tokenizer. */
  readonly codebookSize: number;
  /** [B, 3, S, S] to latents [B, tokens, latentChannels] float32. */
  encode(g: Graph, image: Value, dtype?: FloatDType): Value;
  /**
   * Latents to token vectors with a straight-through gradient, in float32.
   * `epsilon` [B, tokens, channels] standard normal draws a sample of a VAE; without it, the mean.
   */
  quantise(g: Graph, latents: Value, epsilon?: Value): Quantised;
  /** Codebook indices [B, tokens] to token vectors. @throws GraphError for a continuous tokenizer. */
  lookup(g: Graph, indices: Value): Value;
  /** Token vectors to images [B, 3, S, S], float32, not clamped. */
  decode(g: Graph, vectors: Value, dtype?: FloatDType): Value;
}
