// The shape of a model: from its config where it is installed, else from what the registry knows of it.
import type { ModelEntry, ResolvedModel } from '@tessera/models';
import type { ModelSummary } from '@tessera/wire';
import { z } from 'zod';

export type ModelShape = Pick<ModelSummary, 'imageSize' | 'positions' | 'codebookSize' | 'channels'>;

export function shapeOf(model: ResolvedModel): ModelShape {
  switch (model.kind) {
    case 'titok': {
      const { imageSize, tokens, codebookSize, channels } = model.config;
      return { imageSize, positions: tokens, codebookSize, channels };
    }
    case 'maskgit-vqgan': {
      const { imageSize, channelMult, codes, zChannels } = model.config;
      return vqganShape(imageSize, channelMult.length, codes, zChannels);
    }
    case 'clip':
    case 'siglip':
      return { imageSize: model.config.image.imageSize };
  }
}

/** Each resolution but the first halves the side. */
function vqganShape(imageSize: number, resolutions: number, codebookSize: number, channels: number): ModelShape {
  return { imageSize, positions: (imageSize / 2 ** (resolutions - 1)) ** 2, codebookSize, channels };
}

const titok = z.object({
  model: z.object({
    vq_model: z.object({ num_latent_tokens: z.int(), token_size: z.int(), codebook_size: z.int().default(0) }),
  }),
  dataset: z.object({ preprocessing: z.object({ crop_size: z.int() }) }),
});

const vqgan = z.object({
  resolution: z.int(),
  num_resolutions: z.int(),
  num_embeddings: z.int(),
  embedding_dim: z.int(),
});

/** Side 0 where the registry says nothing. */
export function registeredShape({ kind, config }: ModelEntry): ModelShape {
  if (kind === 'titok') {
    const { data } = titok.safeParse(config);
    if (!data) return { imageSize: 0 };
    const { num_latent_tokens, token_size, codebook_size } = data.model.vq_model;
    const imageSize = data.dataset.preprocessing.crop_size;
    return { imageSize, positions: num_latent_tokens, codebookSize: codebook_size, channels: token_size };
  }
  const { data } = vqgan.safeParse(config);
  if (!data) return { imageSize: 0 };
  return vqganShape(data.resolution, data.num_resolutions, data.num_embeddings, data.embedding_dim);
}
