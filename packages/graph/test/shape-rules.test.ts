// What every op's shape rule refuses: bad inputs give a ShapeError of one line that names the op.
import { describe, expect, it } from 'vitest';
import { type DType, Graph, OPS, type OpAttrs, type OpName, type Shape, ShapeError } from './support/face.ts';

/** A tensor as text: 'float32[2, 3]'. */
type Bad<K extends OpName> = readonly [inputs: readonly string[], attrs: OpAttrs[K]];
type BadInputs = { readonly [K in OpName]: readonly Bad<K>[] };

const CONV = { strides: [1, 1], pads: [0, 0, 0, 0] } as const;
const floats: readonly Bad<'Exp'>[] = [
  [['int64[2]'], {}],
  [['bool[2]'], {}],
  [['uint8[2]'], {}],
];
const pairs: readonly Bad<'Add'>[] = [
  [['float32[2]', 'float32[3]'], {}],
  [['float32[2, 3]', 'float32[2]'], {}],
  [['float32[2]', 'float16[2]'], {}],
];
const arithmetic: readonly Bad<'Add'>[] = [...pairs, [['bool[2]', 'bool[2]'], {}]];
const axes: readonly Bad<'ReduceSum'>[] = [
  [['float32[2, 3]'], { axes: [2], keepDims: false }],
  [['float32[2, 3]'], { axes: [-3], keepDims: false }],
  [['float32[2, 3]'], { axes: [0.5], keepDims: false }],
  [['float32[2, 3]'], { axes: [], keepDims: false }],
  [['float32[2, 3]'], { axes: [1, -1], keepDims: true }],
];

const BAD: BadInputs = {
  Add: arithmetic,
  Sub: arithmetic,
  Mul: arithmetic,
  Div: arithmetic,
  Neg: floats,
  Abs: floats,
  Sign: floats,
  Exp: floats,
  Log: floats,
  Sqrt: floats,
  Reciprocal: floats,
  Tanh: floats,
  Sigmoid: floats,
  Erf: floats,
  Relu: floats,
  Round: floats,
  Gelu: floats,
  FastGelu: [...floats, [['float32[]'], {}]],
  QuickGelu: [[['int64[2]'], { alpha: 1 }]],
  Clip: [
    [['int64[2]'], { min: 0, max: 1 }],
    [['float32[2]'], { min: 1, max: 0 }],
    [['float32[2]'], { min: Number.NaN, max: 0 }],
  ],
  Cast: [],
  Where: [
    [['float32[2]', 'float32[2]', 'float32[2]'], {}],
    [['bool[2]', 'float32[2]', 'int64[2]'], {}],
    [['bool[3]', 'float32[2]', 'float32[2]'], {}],
    [['bool[2]', 'float32[3]', 'float32[2]'], {}],
  ],
  GreaterOrEqual: pairs,
  LessOrEqual: pairs,
  And: [
    [['float32[2]', 'float32[2]'], {}],
    [['bool[2]', 'float32[2]'], {}],
    [['bool[2]', 'bool[3]'], {}],
  ],
  Reshape: [
    [['float32[2, 3]'], { shape: [5] }],
    [['float32[4]'], { shape: [-2, -2] }],
    [['float32[6]'], { shape: [1.5, 4] }],
  ],
  Transpose: [
    [['float32[2, 3]'], { perm: [0] }],
    [['float32[2, 3]'], { perm: [0, 0] }],
    [['float32[2, 3]'], { perm: [0, 2] }],
    [['float32[2, 3]'], { perm: [1, 0, 2] }],
  ],
  Expand: [
    [['float32[2]'], { shape: [3] }],
    [['float32[2, 1]'], { shape: [2] }],
    [['float32[2]'], { shape: [1] }],
  ],
  Concat: [
    [[], { axis: 0 }],
    [['float32[]'], { axis: 0 }],
    [['float32[2, 3]', 'float32[3, 3]'], { axis: 1 }],
    [['float32[2]', 'float32[2, 1]'], { axis: 0 }],
    [['float32[2]', 'int64[2]'], { axis: 0 }],
    [['float32[2]', 'float32[2]'], { axis: 1 }],
  ],
  Split: [
    [['float32[4]'], { axis: 0, sizes: [1, 2] }],
    [['float32[4]'], { axis: 1, sizes: [4] }],
    [['float32[4]'], { axis: 0, sizes: [5, -1] }],
    [['float32[4]'], { axis: 0, sizes: [4, 0] }],
    [['float32[4]'], { axis: 0, sizes: [2.5, 1.5] }],
  ],
  Slice: [
    [['float32[4]'], { axes: [0], starts: [2], ends: [2] }],
    [['float32[4]'], { axes: [0], starts: [0], ends: [5] }],
    [['float32[4]'], { axes: [0], starts: [-1], ends: [2] }],
    [['float32[4]'], { axes: [1], starts: [0], ends: [1] }],
    [['float32[4]'], { axes: [-1], starts: [0], ends: [1] }],
    [['float32[4]'], { axes: [0], starts: [0.5], ends: [2] }],
    [['float32[4]'], { axes: [0, 0], starts: [0, 0], ends: [1, 2] }],
    [['float32[4, 4]'], { axes: [0], starts: [0, 1], ends: [1, 2] }],
    [['float32[4, 4]'], { axes: [0, 1], starts: [0], ends: [1] }],
  ],
  Pad: [
    [['float32[2]'], { begins: [1, 1], ends: [0] }],
    [['float32[2]'], { begins: [1], ends: [] }],
    [['float32[2]'], { begins: [-1], ends: [2] }],
    [['float32[2]'], { begins: [0.5], ends: [0] }],
  ],
  Gather: [
    [['float32[2]', 'float32[2]'], { axis: 0 }],
    [['float32[2]', 'int8[2]'], { axis: 0 }],
    [['float32[2]', 'int64[2]'], { axis: 1 }],
    [['float32[]', 'int64[2]'], { axis: 0 }],
  ],
  OneHot: [
    [['float32[2]'], { depth: 3, dtype: 'float32' }],
    [['bool[2]'], { depth: 3, dtype: 'float32' }],
    [['int64[]'], { depth: 3, dtype: 'float32' }],
    [['int64[2]'], { depth: 0, dtype: 'float32' }],
  ],
  DepthToSpace: [
    [['float32[1, 3, 2, 2]'], { block: 2 }],
    [['float32[4, 2, 2]'], { block: 2 }],
    [['float32[1, 4, 2, 2]'], { block: 0.5 }],
    [['float32[1, 4, 2, 2]'], { block: 0 }],
  ],
  ReduceSum: axes,
  ReduceMean: axes,
  ReduceMax: axes,
  ArgMax: [
    [['float32[2]'], { axis: 1 }],
    [['float32[]'], { axis: 0 }],
  ],
  Softmax: [
    [['float32[]'], {}],
    [['int64[2]'], {}],
  ],
  LayerNormalization: [
    [['float32[2, 4]', 'float32[3]', 'float32[4]'], { epsilon: 1e-5 }],
    [['float32[2, 4]', 'float32[4]', 'float32[2, 4]'], { epsilon: 1e-5 }],
    [['float32[2, 4]', 'float16[4]', 'float16[4]'], { epsilon: 1e-5 }],
    [['float32[]', 'float32[1]', 'float32[1]'], { epsilon: 1e-5 }],
    [['int64[4]', 'int64[4]', 'int64[4]'], { epsilon: 1e-5 }],
  ],
  Standardize: [
    [['float32[2, 3]', 'float32[2, 4]', 'float32[2, 1]'], { axes: [1] }],
    [['float32[2, 4]', 'float32[2, 4]', 'float32[2]'], { axes: [1] }],
    [['float32[2, 4]', 'float32[2, 4]', 'float32[2, 1]'], { axes: [2] }],
    [['float32[2, 4]', 'float16[2, 4]', 'float32[2, 1]'], { axes: [1] }],
  ],
  MatMul: [
    [['float32[2, 3]', 'float32[4, 2]'], {}],
    [['float32[3]', 'float32[3, 2]'], {}],
    [['float32[2, 2, 3]', 'float32[3, 3, 2]'], {}],
    [['float32[2, 3]', 'float16[3, 2]'], {}],
    [['int8[2, 3]', 'int8[3, 2]'], {}],
  ],
  Gemm: [
    [['float32[2, 3]', 'float32[2, 3]'], { transA: false, transB: false }],
    [['float32[2, 3]', 'float32[3, 2]'], { transA: true, transB: false }],
    [['float32[1, 2, 3]', 'float32[3, 2]'], { transA: false, transB: false }],
    [['float32[2, 3]', 'float32[3, 2]', 'float32[3]'], { transA: false, transB: false }],
    [['float32[2, 3]', 'float32[3, 2]', 'float32[1, 2, 2]'], { transA: false, transB: false }],
    [['float32[2, 3]', 'float32[3, 2]', 'int64[2]'], { transA: false, transB: false }],
  ],
  Conv: [
    [['float32[1, 3, 4, 4]', 'float32[2, 2, 3, 3]'], CONV],
    [['float32[3, 4, 4]', 'float32[2, 3, 3, 3]'], CONV],
    [['float32[1, 3, 2, 2]', 'float32[2, 3, 3, 3]'], CONV],
    [['float32[1, 3, 4, 4]', 'float32[2, 3, 3, 3]', 'float32[3]'], CONV],
    [['float32[1, 3, 4, 4]', 'float16[2, 3, 3, 3]'], CONV],
    [['float32[1, 3, 4, 4]', 'float32[2, 3, 3, 3]'], { strides: [0, 1], pads: [0, 0, 0, 0] }],
    [['float32[1, 3, 4, 4]', 'float32[2, 3, 3, 3]'], { strides: [1, 1], pads: [0, -1, 0, 0] }],
  ],
  ConvTranspose: [
    [['float32[1, 2, 2, 2]', 'float32[2, 3, 3, 3]'], { ...CONV, height: 5, width: 4 }],
    [['float32[1, 3, 2, 2]', 'float32[2, 3, 3, 3]'], { ...CONV, height: 4, width: 4 }],
    [['float32[2, 2, 2]', 'float32[2, 3, 3, 3]'], { ...CONV, height: 4, width: 4 }],
    [['float32[1, 2, 2, 2]', 'float16[2, 3, 3, 3]'], { ...CONV, height: 4, width: 4 }],
  ],
  AveragePool: [
    [['float32[1, 1, 3, 4]'], { size: 2 }],
    [['float32[1, 4, 4]'], { size: 2 }],
    [['float32[1, 1, 4, 4]'], { size: 0 }],
    [['float32[1, 1, 4, 4]'], { size: 0.5 }],
  ],
  UpsampleNearest: [
    [['float32[1, 4, 4]'], { factor: 2 }],
    [['float32[1, 1, 4, 4]'], { factor: 0.5 }],
    [['float32[1, 1, 4, 4]'], { factor: 0 }],
  ],
  DynamicQuantizeMatMul: [
    [['float32[2, 3]', 'float32[3, 2]', 'float32[2]', 'int8[2]'], {}],
    [['float16[2, 3]', 'int8[3, 2]', 'float32[2]', 'int8[2]'], {}],
    [['float32[2, 3]', 'int8[4, 2]', 'float32[2]', 'int8[2]'], {}],
    [['float32[2, 3]', 'int8[3, 2]', 'float32[3]', 'int8[2]'], {}],
    [['float32[2, 3]', 'int8[3, 2]', 'float32[2]', 'uint8[2]'], {}],
    [['float32[2, 3]', 'int8[3, 2]', 'float32[2]', 'int8[2]', 'int8[3, 2]', 'float32[3]', 'int8[3]'], {}],
    [['float32[2, 3]', 'int8[3, 2]', 'float32[2]', 'int8[2]', 'int8[2, 3]', 'float32[2]', 'int8[3]'], {}],
    [['float32[2, 3]', 'int8[3, 2]', 'float32[2]', 'int8[2]', 'int8[2, 3]'], {}],
    [['float32[2, 3]', 'int8[3, 2]', 'float16[2]', 'int8[2]'], {}],
  ],
  StraightThrough: [
    [['float32[2]', 'float32[3]'], {}],
    [['float32[2]', 'float32[1]'], {}],
    [['float32[2]', 'float16[2]'], {}],
  ],
  StopGradient: [],
};

/** Ops that take anything. */
const UNCONDITIONAL: readonly OpName[] = ['Cast', 'StopGradient'];

const cases = (Object.keys(BAD) as OpName[]).flatMap((op) =>
  BAD[op].map(([inputs, attrs]) => ({ op, inputs, attrs, given: `${inputs.join(', ')} ${JSON.stringify(attrs)}` })),
);

describe('shape rules', () => {
  it('are each tried with bad inputs', () => {
    const tried = new Set(cases.map((c) => c.op));
    expect(Object.keys(OPS).filter((op) => !tried.has(op as OpName))).toEqual(UNCONDITIONAL);
  });

  it.each(cases)('$op refuses $given', ({ op, inputs, attrs }) => {
    const graph = new Graph();
    const values = inputs.map((text, i) => {
      const { dtype, shape } = parse(text);
      return graph.input(`x${i}`, shape, dtype);
    });
    const apply = () => graph.op(op, values, attrs);
    expect(apply).toThrow(ShapeError);
    expect(apply).toThrow(new RegExp(`^${op}: [^\\n]{10,}$`));
    expect(graph.nodes).toHaveLength(0);
  });
});

function parse(text: string): { dtype: DType; shape: Shape } {
  const [dtype, rest] = text.split('[') as [DType, string];
  return { dtype, shape: rest === ']' ? [] : rest.slice(0, -1).split(',').map(Number) };
}
