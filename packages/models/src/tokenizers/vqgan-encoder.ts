// MaskGIT-VQGAN's encoder. Source: 1d-tokenizer, modeling/modules/maskgit_vqgan.py.
import { f, type Value } from '@tessera/graph';
import type { VqganConfig } from '../architectures.ts';
import { conv1x1, conv3x3 } from '../layers/convolution.ts';
import type { Parameters } from '../parameters.ts';
import { normSilu, resnetBlock } from './vqgan-blocks.ts';

/** Images [B, 3, S, S] to latents [B, zChannels, h, w]. */
export function vqganEncode(p: Parameters, config: VqganConfig, image: Value): Value {
  const { hiddenChannels, channelMult, resBlocks, zChannels } = config;
  const widths = channelMult.map((m) => hiddenChannels * m);
  let x = conv3x3(p.scope('conv_in'), image, hiddenChannels, { bias: false });
  widths.forEach((width, level) => {
    const down = p.scope(`down.${level}`);
    for (let i = 0; i < resBlocks; i++) x = resnetBlock(down.scope(`block.${i}`), x, width);
    if (level < widths.length - 1) x = f.averagePool(x, 2);
  });
  for (let i = 0; i < resBlocks; i++) x = resnetBlock(p.scope(`mid.${i}`), x, widths.at(-1)!);
  return conv1x1(p.scope('conv_out'), normSilu(p.scope('norm_out'), x), zChannels, { bias: true });
}
