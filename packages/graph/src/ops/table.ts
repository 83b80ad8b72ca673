// The op table: one row per op. A new op is one entry in names.ts and one row here; the gradient tests pick it up.
import { ELEMENTWISE } from './elementwise.ts';
import { LAYOUT } from './layout.ts';
import { LINEAR } from './linear.ts';
import type { OpAttrs, OpName } from './names.ts';
import { REDUCTIONS } from './reductions.ts';
import type { OpRow } from './row.ts';

type OpTable = { readonly [K in OpName]: OpRow<OpAttrs[K]> };

export const OPS: OpTable = { ...ELEMENTWISE, ...LAYOUT, ...REDUCTIONS, ...LINEAR };
