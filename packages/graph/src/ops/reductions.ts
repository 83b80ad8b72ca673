// Rows of ops that reduce or normalise over axes.
import { isFloat } from '../dtype.ts';
import { MissingGradientError, ShapeError } from '../errors.ts';
import * as f from '../functional.ts';
import { formatShape, normaliseAxis, numElements, reduceShape, sameShape } from '../shape.ts';
import type { Value } from '../value.ts';
import type { OpAttrs } from './names.ts';
import type { OpRow } from './row.ts';

type Reduction = OpAttrs['ReduceSum'];

function infer(op: string): OpRow<Reduction>['infer'] {
  return ([x], { axes, keepDims }) => [{ dtype: x!.dtype, shape: reduceShape(op, x!.shape, axes, keepDims) }];
}

/** The cotangent of a sum, spread back over the reduced axes. */
function spread(dy: Value, x: Value, { axes }: Reduction): Value {
  return f.expand(f.reshape(dy, reduceShape('spread', x.shape, axes, true)), x.shape);
}

const lowerWithAxesAttribute = (op: string) => (attrs: Reduction) => ({
  op,
  attributes: { axes: { ints: attrs.axes }, keepdims: { int: attrs.keepDims ? 1 : 0 } },
});

type Rows = {
  [K in 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ArgMax' | 'Softmax' | 'LayerNormalization' | 'Standardize']: OpRow<
    OpAttrs[K]
  >;
};

export const REDUCTIONS: Rows = {
  ReduceSum: {
    infer: infer('ReduceSum'),
    vjp: ({ cotangents, inputs, attrs }) => [spread(cotangents[0]!, inputs[0]!, attrs)],
    // Opset 17 takes the axes of ReduceSum as an input, those of the other reductions as an attribute.
    lower: ({ axes, keepDims }) => ({
      op: 'ReduceSum',
      attributes: { keepdims: { int: keepDims ? 1 : 0 } },
      extraInputs: [{ dtype: 'int64', shape: [axes.length], values: axes }],
    }),
  },
  ReduceMean: {
    infer: infer('ReduceMean'),
    vjp({ cotangents, inputs, outputs, attrs }) {
      const count = numElements(inputs[0]!.shape) / numElements(outputs[0]!.shape);
      return [spread(f.mul(cotangents[0]!, 1 / count), inputs[0]!, attrs)];
    },
    lower: lowerWithAxesAttribute('ReduceMean'),
  },
  ReduceMax: {
    infer: infer('ReduceMax'),
    vjp: { none: 'it serves quantisation scales, which are constants' },
    lower: lowerWithAxesAttribute('ReduceMax'),
  },
  ArgMax: {
    infer: ([x], { axis }) => [{ dtype: 'int64', shape: reduceShape('ArgMax', x!.shape, [axis], false) }],
    vjp: { none: 'its output is an index' },
    lower: ({ axis }) => ({ op: 'ArgMax', attributes: { axis: { int: axis }, keepdims: { int: 0 } } }),
  },
  Softmax: {
    infer([x]) {
      if (!isFloat(x!.dtype)) throw new ShapeError('Softmax', `needs a float tensor, got ${x!.dtype}`);
      normaliseAxis('Softmax', -1, x!.shape.length);
      return [x!];
    },
    vjp({ cotangents, outputs }) {
      const [dy, y] = [cotangents[0]!, outputs[0]!];
      const inner = f.reduceSum(f.mul(dy, y), [y.shape.length - 1], true);
      return [f.mul(y, f.sub(dy, inner))];
    },
    lower: () => ({ op: 'Softmax', attributes: { axis: { int: -1 } } }),
  },
  LayerNormalization: {
    infer([x, scale, bias], _attrs) {
      const width = x!.shape.at(-1);
      for (const p of [scale!, bias!]) {
        if (!isFloat(x!.dtype) || p.shape.length !== 1 || p.shape[0] !== width || p.dtype !== x!.dtype) {
          throw new ShapeError(
            'LayerNormalization',
            `scale and bias must be [${width}] of the float type of x, ${x!.dtype}, got ${p.dtype}${formatShape(p.shape)}`,
          );
        }
      }
      const rows = reduceShape('LayerNormalization', x!.shape, [-1], true);
      return [x!, { dtype: 'float32', shape: rows }, { dtype: 'float32', shape: rows }];
    },
    vjp({ cotangents, inputs, outputs, needs }) {
      const dy = cotangents[0];
      if (!dy || cotangents[1] || cotangents[2]) {
        throw new MissingGradientError('LayerNormalization', 'for its mean and deviation outputs');
      }
      const [x, scale, bias] = inputs as [Value, Value, Value];
      // In half precision x - mean would lose the digits that the statistics, kept in float32, still have.
      const exact = f.mul(f.sub(f.cast(x, 'float32'), outputs[1]!), outputs[2]!);
      const normal = f.cast(exact, x.dtype);
      const inverse = f.cast(outputs[2]!, x.dtype);
      const last = [x.shape.length - 1];
      const g = f.mul(dy, scale);
      const centred = f.sub(
        f.sub(g, f.reduceMean(g, last, true)),
        f.mul(normal, f.reduceMean(f.mul(g, normal), last, true)),
      );
      return [
        needs[0] ? f.mul(inverse, centred) : undefined,
        needs[1] ? f.sumTo(f.mul(dy, normal), scale.shape) : undefined,
        needs[2] ? f.sumTo(dy, bias.shape) : undefined,
      ];
    },
    lower: ({ epsilon }) => ({
      op: 'LayerNormalization',
      attributes: { axis: { int: -1 }, epsilon: { float: epsilon }, stash_type: { int: 1 } },
    }),
  },
  Standardize: {
    infer([normal, x, inverse], { axes }) {
      const statistics = reduceShape('Standardize', x!.shape, axes, true);
      if (!sameShape(normal!.shape, x!.shape) || !sameShape(inverse!.shape, statistics)) {
        throw new ShapeError(
          'Standardize',
          `${formatShape(normal!.shape)} and ${formatShape(inverse!.shape)} are not ${formatShape(x!.shape)} and ${formatShape(statistics)}`,
        );
      }
      if (!isFloat(x!.dtype) || normal!.dtype !== x!.dtype || inverse!.dtype !== x!.dtype) {
        throw new ShapeError(
          'Standardize',
          `needs operands of one float type, got ${normal!.dtype}, ${x!.dtype} and ${inverse!.dtype}`,
        );
      }
      return [normal!];
    },
    vjp({ cotangents, inputs, attrs }) {
      const [dy, normal, inverse] = [cotangents[0]!, inputs[0]!, inputs[2]!];
      const mean = (y: Value) => attrs.axes.reduce((z, axis) => f.reduceMean(z, [axis], true), y);
      const centred = f.sub(f.sub(dy, mean(dy)), f.mul(normal, mean(f.mul(dy, normal))));
      return [undefined, f.mul(inverse, centred), undefined];
    },
    lower: () => ({ op: 'Identity', aliasOf: 0 }),
  },
};
