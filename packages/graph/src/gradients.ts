// Reverse-mode differentiation: one walk over the nodes in reverse topological order, adding graph nodes for the gradient.
import { isFloat } from './dtype.ts';
import { GraphError, MissingGradientError, ShapeError } from './errors.ts';
import { add, expand, zeros } from './functional.ts';
import type { Graph } from './graph.ts';
import type { OpName } from './ops/names.ts';
import type { VjpContext } from './ops/row.ts';
import { OPS } from './ops/table.ts';
import { formatShape, sameShape } from './shape.ts';
import type { Node, Value } from './value.ts';

/**
 * Gradients of `loss` (one element, or the sum of its elements) with respect to `wrt`, in order, each of the shape of its value.
 * `seed` replaces the initial cotangent of ones (shape of `loss`), for instance by a loss scale.
 * @throws MissingGradientError naming the op when a path from `wrt` to `loss` passes an op without a rule.
 */
export function gradients(graph: Graph, loss: Value, wrt: readonly Value[], seed?: Value): Value[] {
  if (loss.graph !== graph) throw new GraphError('gradients: the loss belongs to another graph.');
  if (!isFloat(loss.dtype)) throw new GraphError(`gradients: the loss is ${loss.dtype}, not a float.`);
  for (const x of wrt) {
    if (x.graph !== graph) throw new GraphError('gradients: a value to differentiate by belongs to another graph.');
    if (!isFloat(x.dtype)) throw new GraphError(`gradients: a value to differentiate by is ${x.dtype}, not a float.`);
  }
  if (seed && seed.graph !== graph) throw new GraphError('gradients: the seed belongs to another graph.');
  if (seed && (seed.dtype !== loss.dtype || !sameShape(seed.shape, loss.shape))) {
    throw new ShapeError(
      'gradients',
      `the seed is ${seed.dtype}${formatShape(seed.shape)}, the loss ${loss.dtype}${formatShape(loss.shape)}`,
    );
  }
  const needed = dependants(graph, wrt);
  const cotangents = new Map<number, Value>();
  cotangents.set(loss.id, seed ?? ones(loss));
  const forward = graph.nodes.slice();
  for (const node of forward.reverse()) {
    if (!node.inputs.some((x) => needed.has(x.id)) || !node.outputs.some((y) => cotangents.has(y.id))) continue;
    const found = vjp(node, {
      attrs: node.attrs,
      inputs: node.inputs,
      outputs: node.outputs,
      cotangents: node.outputs.map((y) => cotangents.get(y.id)),
      needs: node.inputs.map((x) => needed.has(x.id)),
    });
    node.inputs.forEach((x, i) => {
      const g = found[i];
      if (!g || !needed.has(x.id)) return;
      const known = cotangents.get(x.id);
      cotangents.set(x.id, known ? add(known, g) : g);
    });
  }
  return wrt.map((x) => cotangents.get(x.id) ?? zeros(x));
}

function vjp<K extends OpName>(node: Node<K>, context: VjpContext<Node<K>['attrs']>): readonly (Value | undefined)[] {
  const rule = OPS[node.op].vjp;
  if (typeof rule !== 'function') throw new MissingGradientError(node.op, rule.none);
  return rule(context);
}

/** Ids of the float values through which `wrt` can influence anything. */
function dependants(graph: Graph, wrt: readonly Value[]): ReadonlySet<number> {
  const found = new Set(wrt.map((x) => x.id));
  for (const node of graph.nodes) {
    if (stopsGradient(node.op) || !node.inputs.some((x) => found.has(x.id))) continue;
    if (node.op === 'StraightThrough' && !found.has(node.inputs[0]!.id)) continue;
    for (const y of node.outputs) if (isFloat(y.dtype)) found.add(y.id);
  }
  return found;
}

const stopsGradient = (op: OpName): boolean => op === 'StopGradient';

function ones(like: Value): Value {
  const one = like.graph.scalar(1, like.dtype);
  return expand(one, like.shape);
}
