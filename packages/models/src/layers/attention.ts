// Multi-head attention on [batch, length, width].
import { f, type Value } from '@tessera/graph';
import type { Parameters } from '../parameters.ts';
import { linear, product, rows } from './linear.ts';

/** Query, key and value projections already applied: queries [B, Lq, W], keys and values [B, L, W] to [B * Lq, W]. */
export function attend(q: Value, k: Value, v: Value, heads: number, mask?: Value): Value {
  const [batch, width] = [q.shape[0]!, q.shape[2]!];
  const size = width / heads;
  const perHead = (x: Value, perm: readonly number[]) =>
    f.transpose(f.reshape(x, [batch, x.shape[1]!, heads, size]), perm);
  const scores = f.matmul(f.mul(perHead(q, [0, 2, 1, 3]), size ** -0.5), perHead(k, [0, 2, 3, 1]));
  const mixed = f.matmul(f.softmax(mask ? f.add(scores, mask) : scores), perHead(v, [0, 2, 1, 3]));
  return rows(f.reshape(f.transpose(mixed, [0, 2, 1, 3]), [batch, q.shape[1]!, width]));
}

/**
 * torch.nn.MultiheadAttention's packed projections. `queries` [B, Lq, W] defaults to `x` [B, L, W]: a caller that
 * needs only some rows of the result asks for those.
 */
export function packedAttention(
  p: Parameters,
  x: Value,
  heads: number,
  options: { queries?: Value; mask?: Value } = {},
): Value {
  const width = x.shape[2]!;
  const { queries = x, mask } = options;
  const [q, k, v] = queries === x ? together(p, x) : apart(p, queries, x);
  return linear(p.scope('out_proj'), attend(q, k, v, heads, mask), width);
}

type Projections = readonly [Value, Value, Value];

function together(p: Parameters, x: Value): Projections {
  const [batch, length, width] = x.shape as [number, number, number];
  const bias = p.get('in_proj_bias', [3 * width]);
  const packed = product(p, 'in_proj_weight', rows(x), { out: 3 * width, bias });
  const [q, k, v] = f.split(packed, 1, [width, width, width]).map((y) => f.reshape(y, [batch, length, width]));
  return [q!, k!, v!];
}

/** Always in float: int8 has the packed matrix only, and no more than one layer of a tower comes here. */
function apart(p: Parameters, queries: Value, x: Value): Projections {
  const [batch, length, width] = x.shape as [number, number, number];
  const weight = p.get('in_proj_weight', [3 * width, width]);
  const bias = p.get('in_proj_bias', [3 * width]);
  const parts = [width, 2 * width];
  const [wq, wkv] = f.split(weight, 0, parts);
  const [bq, bkv] = f.split(bias, 0, parts);
  const q = f.reshape(f.gemm(rows(queries), wq!, { transB: true, c: bq! }), queries.shape);
  const kv = f.gemm(rows(x), wkv!, { transB: true, c: bkv! });
  const [k, v] = f.split(kv, 1, [width, width]).map((y) => f.reshape(y, [batch, length, width]));
  return [q, k!, v!];
}
