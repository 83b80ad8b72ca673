// Counts the multiplications and additions of matrix products and convolutions that a graph makes at every run.
import type { Graph, Node, Value } from '@tessera/graph';
import { numElements } from '@tessera/graph';

/** Products of weights alone are left out: they are computed once, at load. */
export function countFlops(graph: Graph, outputs: Readonly<Record<string, Value>>): number {
  const fed = dependants(graph, [...graph.inputs.values()]);
  const needed = new Set(Object.values(outputs).map((value) => value.id));
  let flops = 0;
  for (const node of graph.nodes.slice().reverse()) {
    if (!node.outputs.some((y) => needed.has(y.id))) continue;
    for (const x of node.inputs) needed.add(x.id);
    if (node.outputs.some((y) => fed.has(y.id))) flops += flopsOf(node);
  }
  return flops;
}

/** Two per multiply-add. Ops without products count as none: they are bound by memory. */
function flopsOf(node: Node): number {
  const [a, b] = node.inputs.map((x) => x.shape);
  const out = numElements(node.outputs[0]!.shape);
  switch (node.op) {
    case 'Gemm':
      return 2 * out * ((node as Node<'Gemm'>).attrs.transA ? a![0]! : a![1]!);
    case 'MatMul':
      return 2 * out * a!.at(-1)!;
    case 'Conv':
      return 2 * out * numElements(b!.slice(1));
    case 'ConvTranspose':
      return 2 * numElements(a!) * numElements(b!.slice(1));
    default:
      return 0;
  }
}

function dependants(graph: Graph, roots: readonly Value[]): ReadonlySet<number> {
  const found = new Set(roots.map((x) => x.id));
  for (const node of graph.nodes) {
    if (node.inputs.some((x) => found.has(x.id))) for (const y of node.outputs) found.add(y.id);
  }
  return found;
}
