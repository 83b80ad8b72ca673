// Rows of matrix products and convolutions.
import { type DType, isFloat } from '../dtype.ts';
import { MissingGradientError, ShapeError } from '../errors.ts';
import * as f from '../functional.ts';
import { broadcast, formatShape, isLength, type Shape, sameShape } from '../shape.ts';
import type { TensorType, Value } from '../value.ts';
import type { OpAttrs } from './names.ts';
import type { OpRow } from './row.ts';

function sameFloat(op: string, inputs: readonly TensorType[]): void {
  if (inputs.some((x) => !isFloat(x.dtype) || x.dtype !== inputs[0]!.dtype)) {
    throw new ShapeError(op, `needs operands of one float type, got ${inputs.map((x) => x.dtype).join(', ')}`);
  }
}

const swapLast = (x: Value): Value => {
  const perm = x.shape.map((_, i) => i);
  const [a, b] = perm.splice(-2) as [number, number];
  return f.transpose(x, [...perm, b, a]);
};

function checkPerColumn([scale, zeroPoint]: readonly TensorType[], columns: number): void {
  const fits = (t: TensorType | undefined, dtype: DType) => t?.dtype === dtype && sameShape(t.shape, [columns]);
  if (!fits(scale, 'float32') || !fits(zeroPoint, 'int8')) {
    throw new ShapeError(
      'DynamicQuantizeMatMul',
      `scale and zero point must be float32 and int8 with ${columns} elements`,
    );
  }
}

const axisPair = (values: readonly [number, number]) => ({ ints: values });

/** The kernel of the adjoint of a unit-stride convolution: channels exchanged, taps reversed. */
function adjointKernel(kernel: Value): Value {
  const [o, i, h, w] = kernel.shape as [number, number, number, number];
  const exchanged = f.transpose(kernel, [1, 0, 2, 3]);
  if (h * w === 1) return exchanged;
  // Gather on a flat tap axis: ONNX has no reverse, and this one is folded into a constant at load.
  const reversed = kernel.graph.constant(
    Array.from({ length: h * w }, (_, k) => h * w - 1 - k),
    [h * w],
    'int64',
  );
  return f.reshape(f.gather(f.reshape(exchanged, [i, o, h * w]), reversed, 2), [i, o, h, w]);
}

/** Unit-stride convolution whose pads may be negative, which ONNX forbids: then rows or columns are cut off first. */
function paddedOrCropped(x: Value, kernel: Value, pads: OpAttrs['Conv']['pads']): Value {
  const [top, left, bottom, right] = pads.map((n) => Math.max(0, -n)) as [number, number, number, number];
  const rows = f.slice(x, 2, top, x.shape[2]! - bottom);
  const cut = f.slice(rows, 3, left, x.shape[3]! - right);
  return f.conv(cut, kernel, { pads: pads.map((n) => Math.max(0, n)) as [number, number, number, number] });
}

function convShape(op: string, x: Shape, kernel: Shape, attrs: OpAttrs['Conv']): Shape {
  if (x.length !== 4 || kernel.length !== 4 || x[1] !== kernel[1]) {
    throw new ShapeError(op, `NCHW ${formatShape(x)} does not fit the OIHW kernel ${formatShape(kernel)}`);
  }
  const [top, left, bottom, right] = attrs.pads;
  if (!attrs.strides.every(isLength) || !attrs.pads.every((n) => isLength(n + 1))) {
    throw new ShapeError(
      op,
      `strides ${attrs.strides} and pads ${attrs.pads} must be positive and non-negative whole numbers`,
    );
  }
  const height = Math.floor((x[2]! + top + bottom - kernel[2]!) / attrs.strides[0]) + 1;
  const width = Math.floor((x[3]! + left + right - kernel[3]!) / attrs.strides[1]) + 1;
  if (height < 1 || width < 1)
    throw new ShapeError(op, `the kernel ${formatShape(kernel)} is larger than ${formatShape(x)}`);
  return [x[0]!, kernel[0]!, height, width];
}

type Rows = {
  [K in
    | 'MatMul'
    | 'Gemm'
    | 'Conv'
    | 'ConvTranspose'
    | 'AveragePool'
    | 'UpsampleNearest'
    | 'DynamicQuantizeMatMul']: OpRow<OpAttrs[K]>;
};

export const LINEAR: Rows = {
  MatMul: {
    infer(inputs) {
      const [a, b] = inputs as [TensorType, TensorType];
      sameFloat('MatMul', inputs);
      if (a.shape.length < 2 || b.shape.length < 2 || a.shape.at(-1) !== b.shape.at(-2)) {
        throw new ShapeError('MatMul', `${formatShape(a.shape)} and ${formatShape(b.shape)} do not multiply`);
      }
      const batch = broadcast('MatMul', a.shape.slice(0, -2), b.shape.slice(0, -2));
      return [{ dtype: a.dtype, shape: [...batch, a.shape.at(-2)!, b.shape.at(-1)!] }];
    },
    vjp({ cotangents, inputs, needs }) {
      const [dy, a, b] = [cotangents[0]!, inputs[0]!, inputs[1]!];
      return [
        needs[0] ? f.sumTo(f.matmul(dy, swapLast(b)), a.shape) : undefined,
        needs[1] ? f.sumTo(f.matmul(swapLast(a), dy), b.shape) : undefined,
      ];
    },
  },
  Gemm: {
    infer(inputs, { transA, transB }) {
      const [a, b, c] = inputs as [TensorType, TensorType, TensorType | undefined];
      sameFloat('Gemm', inputs);
      const [m, ka] = transA ? [...a.shape].reverse() : a.shape;
      const [kb, n] = transB ? [...b.shape].reverse() : b.shape;
      if (a.shape.length !== 2 || b.shape.length !== 2 || ka !== kb) {
        throw new ShapeError(
          'Gemm',
          `${formatShape(a.shape)}${transA ? "'" : ''} and ${formatShape(b.shape)}${transB ? "'" : ''} do not multiply`,
        );
      }
      const shape = [m!, n!];
      if (c && !sameShape(broadcast('Gemm', c.shape, shape), shape)) {
        throw new ShapeError('Gemm', `the addend ${formatShape(c.shape)} does not broadcast to ${formatShape(shape)}`);
      }
      return [{ dtype: a.dtype, shape }];
    },
    vjp({ cotangents, inputs, attrs: { transA, transB }, needs }) {
      const [dy, a, b, c] = [cotangents[0]!, inputs[0]!, inputs[1]!, inputs[2]];
      const da = () => (transA ? f.gemm(b, dy, { transA: transB, transB: true }) : f.gemm(dy, b, { transB: !transB }));
      const db = () => (transB ? f.gemm(dy, a, { transA: true, transB: transA }) : f.gemm(a, dy, { transA: !transA }));
      return [
        needs[0] ? da() : undefined,
        needs[1] ? db() : undefined,
        c && needs[2] ? f.sumTo(dy, c.shape) : undefined,
      ];
    },
    lower: ({ transA, transB }) => ({
      op: 'Gemm',
      attributes: { transA: { int: transA ? 1 : 0 }, transB: { int: transB ? 1 : 0 } },
    }),
  },
  Conv: {
    infer(inputs, attrs) {
      const [x, kernel, bias] = inputs as [TensorType, TensorType, TensorType | undefined];
      sameFloat('Conv', inputs);
      if (bias && !sameShape(bias.shape, [kernel.shape[0]!])) {
        throw new ShapeError(
          'Conv',
          `the bias ${formatShape(bias.shape)} does not fit ${kernel.shape[0]} output channels`,
        );
      }
      return [{ dtype: x.dtype, shape: convShape('Conv', x.shape, kernel.shape, attrs) }];
    },
    vjp({ cotangents, inputs, attrs, needs }) {
      const [dy, x, kernel, bias] = [cotangents[0]!, inputs[0]!, inputs[1]!, inputs[2]];
      const { strides, pads } = attrs;
      const [kh, kw] = [kernel.shape[2]!, kernel.shape[3]!];
      const unit = strides[0] === 1 && strides[1] === 1;
      if (needs[1] && !unit) throw new MissingGradientError('Conv', 'for the kernel when the stride is not 1');
      const dx = () =>
        unit
          ? paddedOrCropped(dy, adjointKernel(kernel), [
              kh - 1 - pads[0],
              kw - 1 - pads[1],
              kh - 1 - pads[2],
              kw - 1 - pads[3],
            ])
          : x.graph.op('ConvTranspose', [dy, kernel], { strides, pads, height: x.shape[2]!, width: x.shape[3]! })[0]!;
      // The batch takes the place of the channels: sum over items of x correlated with dy.
      const dk = () =>
        f.transpose(f.conv(f.transpose(x, [1, 0, 2, 3]), f.transpose(dy, [1, 0, 2, 3]), { pads }), [1, 0, 2, 3]);
      return [
        needs[0] ? dx() : undefined,
        needs[1] ? dk() : undefined,
        bias && needs[2] ? f.reduceSum(dy, [0, 2, 3]) : undefined,
      ];
    },
    lower: ({ strides, pads }) => ({ op: 'Conv', attributes: { strides: axisPair(strides), pads: { ints: pads } } }),
  },
  ConvTranspose: {
    infer(inputs, { height, width, ...attrs }) {
      const [y, kernel] = inputs as [TensorType, TensorType];
      sameFloat('ConvTranspose', inputs);
      const shape = [y.shape[0]!, kernel.shape[1]!, height, width];
      if (!sameShape(convShape('ConvTranspose', shape, kernel.shape, attrs), y.shape)) {
        throw new ShapeError(
          'ConvTranspose',
          `${formatShape(y.shape)} is not what Conv makes of ${formatShape(shape)}`,
        );
      }
      return [{ dtype: y.dtype, shape }];
    },
    vjp: ({ cotangents, inputs, attrs: { strides, pads }, needs }) => {
      if (needs[1]) throw new MissingGradientError('ConvTranspose', 'for the kernel');
      return [f.conv(cotangents[0]!, inputs[1]!, { strides, pads }), undefined];
    },
    lower({ strides, pads, height, width }, [y, kernel]) {
      // What Conv's floor division cut off at the bottom and right comes back as output padding.
      const rest = (size: number, steps: number, stride: number, taps: number, before: number, after: number) =>
        size - ((steps - 1) * stride + taps - before - after);
      const bottom = rest(height, y!.shape[2]!, strides[0], kernel!.shape[2]!, pads[0], pads[2]);
      const right = rest(width, y!.shape[3]!, strides[1], kernel!.shape[3]!, pads[1], pads[3]);
      return {
        op: 'ConvTranspose',
        attributes: { strides: axisPair(strides), pads: { ints: pads }, output_padding: axisPair([bottom, right]) },
      };
    },
  },
  AveragePool: {
    infer([x], { size }) {
      const [n, c, h, w] = x!.shape;
      if (x!.shape.length !== 4 || !isLength(size) || h! % size || w! % size) {
        throw new ShapeError('AveragePool', `needs NCHW with sides divisible by ${size}, got ${formatShape(x!.shape)}`);
      }
      return [{ dtype: x!.dtype, shape: [n!, c!, h! / size, w! / size] }];
    },
    vjp: ({ cotangents, attrs: { size } }) => [f.upsampleNearest(f.mul(cotangents[0]!, 1 / (size * size)), size)],
    lower: ({ size }) => ({
      op: 'AveragePool',
      attributes: { kernel_shape: axisPair([size, size]), strides: axisPair([size, size]) },
    }),
  },
  UpsampleNearest: {
    infer([x], { factor }) {
      const [n, c, h, w] = x!.shape;
      if (x!.shape.length !== 4 || !isLength(factor)) {
        throw new ShapeError(
          'UpsampleNearest',
          `needs NCHW and a positive whole factor, got ${formatShape(x!.shape)} and ${factor}`,
        );
      }
      return [{ dtype: x!.dtype, shape: [n!, c!, h! * factor, w! * factor] }];
    },
    vjp: ({ cotangents, attrs: { factor } }) => [f.mul(f.averagePool(cotangents[0]!, factor), factor * factor)],
    lower: ({ factor }) => ({
      op: 'Resize',
      attributes: {
        mode: { string: 'nearest' },
        coordinate_transformation_mode: { string: 'asymmetric' },
        nearest_mode: { string: 'floor' },
      },
      extraInputs: [null, { dtype: 'float32', shape: [4], values: [1, 1, factor, factor] }],
    }),
  },
  DynamicQuantizeMatMul: {
    infer(inputs) {
      const [a, b] = inputs as [TensorType, TensorType];
      if (a.dtype !== 'float32' || b.dtype !== 'int8' || b.shape.length !== 2 || a.shape.at(-1) !== b.shape[0]) {
        throw new ShapeError(
          'DynamicQuantizeMatMul',
          `${a.dtype}${formatShape(a.shape)} and ${b.dtype}${formatShape(b.shape)} do not multiply`,
        );
      }
      const [rows, columns] = b.shape as [number, number];
      checkPerColumn(inputs.slice(2, 4), columns);
      if (inputs.length > 4) {
        const transposed = inputs[4]!;
        if (transposed.dtype !== 'int8' || !sameShape(transposed.shape, [columns, rows])) {
          throw new ShapeError(
            'DynamicQuantizeMatMul',
            `the gradient needs int8${formatShape([columns, rows])}, got ${transposed.dtype}${formatShape(transposed.shape)}`,
          );
        }
        checkPerColumn(inputs.slice(5), rows);
      }
      return [{ dtype: 'float32', shape: [...a.shape.slice(0, -1), columns] }];
    },
    vjp({ cotangents, inputs, needs }) {
      const [, b, scale, zeroPoint, ...transposed] = inputs as [Value, Value, Value, Value, ...Value[]];
      if (needs[2] || needs[5]) throw new MissingGradientError('DynamicQuantizeMatMul', 'for the scales');
      const [b2, scale2, zeroPoint2] = transposed;
      if (!b2 || !scale2 || !zeroPoint2) {
        throw new MissingGradientError('DynamicQuantizeMatMul', 'without the transposed matrix in int8');
      }
      const forward = { b, scale, zeroPoint };
      // The rounding of the activations counts as the identity; the cotangent is rounded in its turn.
      return [f.dynamicQuantizeMatMul(cotangents[0]!, { b: b2, scale: scale2, zeroPoint: zeroPoint2 }, forward)];
    },
    lower: () => ({ op: 'DynamicQuantizeMatMul', domain: 'com.microsoft', reads: 4 }),
  },
};
