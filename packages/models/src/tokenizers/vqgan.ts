// MaskGIT-VQGAN as a 2D tokenizer: tokens in row-major order of its grid.
import { f, type Value } from '@tessera/graph';
import type { VqganConfig } from '../architectures.ts';
import { Parameters, type TensorSource } from '../parameters.ts';
import { lookupCodes, quantiseToCodebook } from './codebook.ts';
import type { Tokenizer } from './tokenizer.ts';
import { vqganDecode } from './vqgan-decoder.ts';
import { vqganEncode } from './vqgan-encoder.ts';

export function maskgitVqgan(config: VqganConfig, checkpoint: TensorSource): Tokenizer {
  const { zChannels: channels, codes: size, imageSize } = config;
  const grid = imageSize / 2 ** (config.channelMult.length - 1);
  const codebook = { size, channels, l2Norm: false };
  const toSequence = (x: Value) => f.transpose(f.reshape(x, [x.shape[0]!, channels, grid * grid]), [0, 2, 1]);
  const toPlanes = (x: Value) => f.reshape(f.transpose(x, [0, 2, 1]), [x.shape[0]!, channels, grid, grid]);
  return {
    kind: 'vq',
    imageSize,
    tokens: grid * grid,
    channels,
    latentChannels: channels,
    codebookSize: size,
    encode: (g, image, dtype = 'float32') =>
      f.cast(
        toSequence(vqganEncode(new Parameters(g, checkpoint, dtype).scope('encoder'), config, f.cast(image, dtype))),
        'float32',
      ),
    quantise: (g, latents) => quantiseToCodebook(new Parameters(g, checkpoint).scope('quantize'), codebook, latents),
    lookup: (g, indices) => lookupCodes(new Parameters(g, checkpoint).scope('quantize'), codebook, indices),
    decode: (g, vectors, dtype = 'float32') =>
      f.cast(
        vqganDecode(new Parameters(g, checkpoint, dtype).scope('decoder'), config, f.cast(toPlanes(vectors), dtype)),
        'float32',
      ),
  };
}
