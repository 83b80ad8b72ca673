// The shapes of the model families: what a checkpoint's config says, in one normal form.

export interface TransformerShape {
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
}

/** MaskGIT-VQGAN, as a 2D tokenizer or as TiTok's pixel decoder. */
export interface VqganConfig {
  readonly hiddenChannels: number;
  readonly channelMult: readonly number[];
  readonly resBlocks: number;
  readonly zChannels: number;
  /** Codebook entries of zChannels each. */
  readonly codes: number;
  readonly imageSize: number;
}

/** TiTok (1d-tokenizer repository, modeling/titok.py). */
export interface TiTokConfig {
  readonly imageSize: number;
  /** Side of the encoder's patches, and of the patches that the decoder draws. */
  readonly encoderPatch: number;
  readonly decoderPatch: number;
  /** Latent tokens per image. */
  readonly tokens: number;
  /** Channels of a token as the decoder reads it; a VAE's encoder gives twice as many. */
  readonly channels: number;
  readonly quantiser: 'vq' | 'vae';
  /** Entries of the codebook; 0 for a VAE. */
  readonly codebookSize: number;
  readonly l2Norm: boolean;
  /** The encoder reshapes its latent tokens instead of permuting them (`is_legacy`). */
  readonly legacyReshape: boolean;
  /** 'pixel': patches of RGB; 'vqgan': softmax over codes, then a MaskGIT-VQGAN decoder. */
  readonly head: 'pixel' | 'vqgan';
  /** Kernel of the pixel head over the grid of patches: 1 as published; 3 lets a patch see its neighbours (ours). */
  readonly headKernel: 1 | 3;
  readonly encoder: TransformerShape;
  readonly decoder: TransformerShape;
  readonly vqgan?: VqganConfig;
}

export interface ImageNormalisation {
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** OpenAI's constants, used by every CLIP that names none. Source: open_clip, constants.py. */
export const OPENAI_NORMALISATION: ImageNormalisation = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
};

/** CLIP under open_clip's parameter names. */
export interface ClipConfig {
  readonly embedDim: number;
  readonly activation: 'gelu' | 'quick_gelu';
  readonly image: TransformerShape & { readonly imageSize: number; readonly patchSize: number } & ImageNormalisation;
  readonly text: TransformerShape & { readonly contextLength: number; readonly vocabSize: number };
}

/** SigLIP under Hugging Face's parameter names. */
export interface SiglipConfig {
  readonly epsilon: number;
  readonly image: TransformerShape & {
    readonly imageSize: number;
    readonly patchSize: number;
    readonly mlpWidth: number;
  } & ImageNormalisation;
  readonly text: TransformerShape & {
    readonly contextLength: number;
    readonly vocabSize: number;
    readonly mlpWidth: number;
  };
}
