// The pre-norm transformer that TiTok and CLIP share, under open_clip's parameter names.
import { f, type Value } from '@tessera/graph';
import type { Parameters } from '../parameters.ts';
import { packedAttention } from './attention.ts';
import { layerNorm, linear, rows } from './linear.ts';

/** nn.LayerNorm's default, used by TiTok and CLIP. */
export const EPSILON = 1e-5;

export interface TransformerOptions {
  readonly layers: number;
  readonly heads: number;
  readonly activation: (x: Value) => Value;
  /** Added to the attention scores, broadcast to [B, heads, L, L]. */
  readonly mask?: Value;
  /** Rows of the sequence whose output is wanted: the last layer computes only those. */
  readonly keep?: { readonly start: number; readonly end: number };
}

/** [B, L, W] through `layers` residual attention blocks; [B, kept rows, W]. `p` is indexed by layer. */
export function transformer(p: Parameters, x: Value, options: TransformerOptions): Value {
  const { layers, keep } = options;
  let y = x;
  for (let i = 0; i < layers; i++) y = residualBlock(p.scope(`${i}`), y, options, i === layers - 1 ? keep : undefined);
  return y;
}

function residualBlock(p: Parameters, x: Value, options: TransformerOptions, keep: TransformerOptions['keep']): Value {
  const { heads, activation, mask } = options;
  const kept = (y: Value) => (keep ? f.slice(y, 1, keep.start, keep.end) : y);
  const normal = layerNorm(p.scope('ln_1'), x, EPSILON);
  const attention = packedAttention(p.scope('attn'), normal, heads, { queries: kept(normal), ...(mask && { mask }) });
  const y = f.add(rows(kept(x)), attention);
  const hidden = activation(linear(p.scope('mlp.c_fc'), layerNorm(p.scope('ln_2'), y, EPSILON), 4 * x.shape[2]!));
  return f.reshape(f.add(y, linear(p.scope('mlp.c_proj'), hidden, x.shape[2]!)), kept(x).shape);
}
