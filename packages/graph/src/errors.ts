// Everything that can be wrong with a graph, as small classes that carry the facts.

export class GraphError extends Error {
  override readonly name: string = 'GraphError';
  readonly code: string = 'GRAPH_ERROR';
}

/** Inputs of an op that its shape rule refuses. */
export class ShapeError extends GraphError {
  override readonly name = 'ShapeError';
  override readonly code = 'GRAPH_SHAPE';
  readonly op: string;

  constructor(op: string, problem: string) {
    super(`${op}: ${problem}`);
    this.op = op;
  }
}

/** Reverse mode reached an op (or an input of it) that has no gradient rule. */
export class MissingGradientError extends GraphError {
  override readonly name = 'MissingGradientError';
  override readonly code = 'GRAPH_MISSING_GRADIENT';
  readonly op: string;

  constructor(op: string, detail: string) {
    super(`${op} has no gradient: ${detail}`);
    this.op = op;
  }
}

/** A built graph whose recorded types differ from what its shape rules give. */
export class TypecheckError extends GraphError {
  override readonly name = 'TypecheckError';
  override readonly code = 'GRAPH_TYPECHECK';
}
