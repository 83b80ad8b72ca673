// Checks a built graph against the op table: what was recorded must be what the shape rules give.
import { TypecheckError } from './errors.ts';
import type { Graph } from './graph.ts';
import type { OpName } from './ops/names.ts';
import { OPS } from './ops/table.ts';
import { formatShape, sameShape } from './shape.ts';
import type { Node, TensorType } from './value.ts';

const format = (t: TensorType): string => `${t.dtype}${formatShape(t.shape)}`;

/** @throws TypecheckError naming the node whose outputs disagree with its shape rule, or that uses a later value. */
export function typecheck(graph: Graph): void {
  for (const node of graph.nodes) {
    const types = inferred(node);
    if (types.length !== node.outputs.length) {
      throw new TypecheckError(
        `${node.op} #${node.id} has ${node.outputs.length} outputs, its rule gives ${types.length}.`,
      );
    }
    node.outputs.forEach((y, i) => {
      const t = types[i]!;
      if (t.dtype !== y.dtype || !sameShape(t.shape, y.shape)) {
        throw new TypecheckError(
          `${node.op} #${node.id}: output ${i} is recorded as ${format(y)}, its rule gives ${format(t)}.`,
        );
      }
      const late = node.inputs.find((x) => x.id >= y.id);
      if (late) throw new TypecheckError(`${node.op} #${node.id} uses value ${late.id}, which is made after it.`);
    });
  }
}

function inferred<K extends OpName>(node: Node<K>): readonly TensorType[] {
  return OPS[node.op].infer(node.inputs, node.attrs);
}
