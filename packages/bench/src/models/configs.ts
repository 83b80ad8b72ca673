// The full size that is measured: the paper's default pair of models.
import { type ClipConfig, OPENAI_NORMALISATION, type TiTokConfig } from '@tessera/models';

export interface SizeConfig {
  readonly tokenizer: TiTokConfig;
  readonly clip: ClipConfig;
}

/** VQ-LL-32 (1d-tokenizer, tokenizer_titok_l32_imagenet) and CLIP ViT-B/32 (open_clip). */
export const FULL: SizeConfig = {
  tokenizer: {
    imageSize: 256,
    encoderPatch: 16,
    decoderPatch: 16,
    tokens: 32,
    channels: 12,
    quantiser: 'vq',
    codebookSize: 4096,
    l2Norm: true,
    legacyReshape: true,
    head: 'vqgan',
    headKernel: 1,
    encoder: { width: 1024, layers: 24, heads: 16 },
    decoder: { width: 1024, layers: 24, heads: 16 },
    vqgan: {
      hiddenChannels: 128,
      channelMult: [1, 1, 2, 2, 4],
      resBlocks: 2,
      zChannels: 256,
      codes: 1024,
      imageSize: 256,
    },
  },
  clip: {
    embedDim: 512,
    activation: 'gelu',
    image: { width: 768, layers: 12, heads: 12, imageSize: 224, patchSize: 32, ...OPENAI_NORMALISATION },
    text: { width: 512, layers: 12, heads: 8, contextLength: 77, vocabSize: 49_408 },
  },
};
