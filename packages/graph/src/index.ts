// Public face of @tessera/graph: build typed graphs, differentiate them, write them as ONNX.
export { DTYPES, type DType, type FloatDType, isFloat } from './dtype.ts';
export { GraphError, MissingGradientError, ShapeError, TypecheckError } from './errors.ts';
export { float16ToFloat32, float32ToFloat16 } from './float16.ts';
export type { ConvOptions, Int8Operand, Operand } from './functional.ts';
export * as f from './functional.ts';
export { gradients } from './gradients.ts';
export { Graph } from './graph.ts';
export { type OnnxModel, type TensorInfo, toOnnx } from './onnx/export.ts';
export type { OpAttrs, OpName } from './ops/names.ts';
export { OPS } from './ops/table.ts';
export { formatShape, numElements, type Shape, sameShape } from './shape.ts';
export { typecheck } from './typecheck.ts';
export type { Node, TensorType, Value, WeightRef } from './value.ts';
