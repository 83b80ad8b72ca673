// TiTok, all variants: VQ or VAE, pixel or VQGAN head.
import { f, type Graph, GraphError, type Value } from '@tessera/graph';
import type { TiTokConfig } from '../architectures.ts';
import { Parameters, type TensorSource } from '../parameters.ts';
import { lookupCodes, quantiseToCodebook } from './codebook.ts';
import { titokDecode } from './titok-decoder.ts';
import { titokEncode } from './titok-encoder.ts';
import type { Quantised, Tokenizer } from './tokenizer.ts';

export function titok(config: TiTokConfig, checkpoint: TensorSource): Tokenizer {
  const { quantiser: kind, imageSize, tokens, channels, codebookSize, l2Norm } = config;
  const codebook = { size: codebookSize, channels, l2Norm };
  const quantiserScope = (g: Graph) => new Parameters(g, checkpoint).scope('quantize');
  return {
    kind,
    imageSize,
    tokens,
    channels,
    latentChannels: kind === 'vae' ? 2 * channels : channels,
    codebookSize,
    encode: (g, image, dtype = 'float32') =>
      f.cast(titokEncode(new Parameters(g, checkpoint, dtype), config, f.cast(image, dtype)), 'float32'),
    quantise: (g, latents, epsilon) =>
      kind === 'vae' ? sampleGaussian(latents, epsilon) : quantiseToCodebook(quantiserScope(g), codebook, latents),
    lookup(g, indices) {
      if (kind === 'vae')
        throw new GraphError('A VAE tokenizer has no codebook: pass token vectors instead of indices.');
      return lookupCodes(quantiserScope(g), codebook, indices);
    },
    decode: (g, vectors, dtype = 'float32') =>
      f.cast(titokDecode(new Parameters(g, checkpoint, dtype), config, f.cast(vectors, dtype)), 'float32'),
  };
}

/** Mean, or mean + exp(logvar / 2) epsilon. Source: 1d-tokenizer, DiagonalGaussianDistribution. */
function sampleGaussian(latents: Value, epsilon?: Value): Quantised {
  const channels = latents.shape[2]! / 2;
  const [mean, logVariance] = f.split(latents, 2, [channels, channels]);
  if (!epsilon) return { vectors: mean! };
  const deviation = f.exp(f.mul(f.clip(logVariance!, -30, 20), 0.5));
  return { vectors: f.add(mean!, f.mul(deviation, epsilon)) };
}
