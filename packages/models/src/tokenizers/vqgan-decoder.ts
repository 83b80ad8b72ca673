// MaskGIT-VQGAN's decoder. Source: 1d-tokenizer, modeling/modules/maskgit_vqgan.py.
import type { Value } from '@tessera/graph';
import type { VqganConfig } from '../architectures.ts';
import { conv3x3, upsampleConv3x3 } from '../layers/convolution.ts';
import type { Parameters } from '../parameters.ts';
import { normSilu, resnetBlock } from './vqgan-blocks.ts';

/** Code vectors [B, zChannels, h, w] to images [B, 3, S, S]. */
export function vqganDecode(p: Parameters, config: VqganConfig, z: Value): Value {
  const { hiddenChannels, channelMult, resBlocks } = config;
  const widths = channelMult.map((m) => hiddenChannels * m);
  let x = conv3x3(p.scope('conv_in'), z, widths.at(-1)!, { bias: true });
  for (let i = 0; i < resBlocks; i++) x = resnetBlock(p.scope(`mid.${i}`), x, widths.at(-1)!);
  for (let level = widths.length - 1; level >= 0; level--) {
    const up = p.scope(`up.${level}`);
    for (let i = 0; i < resBlocks; i++) x = resnetBlock(up.scope(`block.${i}`), x, widths[level]!);
    if (level > 0) x = upsampleConv3x3(up.scope('upsample_conv'), x, widths[level]!);
  }
  return conv3x3(p.scope('conv_out'), normSilu(p.scope('norm_out'), x), 3, { bias: true });
}
