// MaskGIT-VQGAN configs: from a file, or from the shapes of a decoder's tensors.
import { z } from 'zod';
import type { VqganConfig } from '../../architectures.ts';
import { ModelConfigError } from '../errors.ts';
import { parseConfig } from './parse.ts';
import { blockCount, dimension, type TensorNames } from './tensors.ts';

const count = z.int().positive();

/** Field names of the 1D repository (modeling/titok.py, PretrainedTokenizer). */
export const VqganFile = z.looseObject({
  channel_mult: z.array(count).min(1).max(8),
  hidden_channels: count,
  num_res_blocks: count,
  resolution: count,
  z_channels: count,
  num_embeddings: count.default(1024),
  embedding_dim: count.optional(),
});

/** @throws ModelConfigError */
export function parseVqganConfig(file: string, json: unknown): VqganConfig {
  const c = parseConfig(file, VqganFile, json);
  if ((c.embedding_dim ?? c.z_channels) !== c.z_channels)
    throw new ModelConfigError(file, 'embedding_dim', 'it differs from z_channels, which is not supported');
  return {
    hiddenChannels: c.hidden_channels,
    channelMult: c.channel_mult,
    resBlocks: c.num_res_blocks,
    zChannels: c.z_channels,
    codes: c.num_embeddings,
    imageSize: c.resolution,
  };
}

export interface VqganNames {
  /** Prefix of the decoder's tensors, `pixel_decoder.` in TiTok. */
  readonly decoder: string;
  /** Codebook tensor. */
  readonly codebook: string;
}

/**
 * The config that a decoder's tensors imply. Channel multipliers are relative to the last level (the published models have 1 there).
 * @throws ModelConfigError when the tensors are not a MaskGIT-VQGAN decoder
 */
export function deriveVqganConfig(
  file: string,
  tensors: TensorNames,
  { decoder, codebook }: VqganNames,
  imageSize: number,
): VqganConfig {
  const need = (name: string, axis: number) => {
    const n = dimension(tensors, name, axis);
    if (n === undefined)
      throw new ModelConfigError(
        file,
        name,
        'this tensor is missing from the checkpoint, a MaskGIT-VQGAN decoder has it',
      );
    return n;
  };
  const levels = blockCount(tensors, `${decoder}up.`);
  const channels = Array.from({ length: levels }, (_, i) => need(`${decoder}up.${i}.block.0.conv2.weight`, 0));
  const [hiddenChannels] = channels;
  if (!hiddenChannels) throw new ModelConfigError(file, `${decoder}up.0`, 'this level is missing from the checkpoint');
  const channelMult = channels.map((n) => n / hiddenChannels);
  if (!channelMult.every(Number.isInteger))
    throw new ModelConfigError(file, `${decoder}up`, `channels ${channels.join(', ')} are no multiples of the first`);
  return {
    hiddenChannels,
    channelMult,
    resBlocks: blockCount(tensors, `${decoder}up.0.block.`),
    zChannels: need(`${decoder}conv_in.weight`, 1),
    codes: need(codebook, 0),
    imageSize,
  };
}
