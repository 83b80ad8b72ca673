// The residual block of MaskGIT-VQGAN. Source: 1d-tokenizer, modeling/modules/maskgit_vqgan.py.
import { f, type Value } from '@tessera/graph';
import { conv1x1, conv3x3, groupNorm } from '../layers/convolution.ts';
import type { Parameters } from '../parameters.ts';

const GROUPS = 32;
const EPSILON = 1e-6;

export function normSilu(p: Parameters, x: Value): Value {
  return f.silu(groupNorm(p, x, GROUPS, EPSILON));
}

/** NCHW to `out` channels. */
export function resnetBlock(p: Parameters, x: Value, out: number): Value {
  const first = conv3x3(p.scope('conv1'), normSilu(p.scope('norm1'), x), out, { bias: false });
  const second = conv3x3(p.scope('conv2'), normSilu(p.scope('norm2'), first), out, { bias: false });
  // Where the width changes, the reference feeds the shortcut from conv2's output, not from the block's input.
  const shortcut = x.shape[1] === out ? x : conv1x1(p.scope('nin_shortcut'), second, out, { bias: false });
  return f.add(second, shortcut);
}
