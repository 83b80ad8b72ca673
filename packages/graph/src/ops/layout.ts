// Rows of ops that move elements without changing them.
import { ShapeError } from '../errors.ts';
import * as f from '../functional.ts';
import { broadcast, formatShape, isLength, normaliseAxis, numElements, sameShape, withAxis } from '../shape.ts';
import type { OpAttrs } from './names.ts';
import type { ConstantInput, OpRow } from './row.ts';

const int64s = (values: readonly number[]): ConstantInput => ({ dtype: 'int64', shape: [values.length], values });

type Rows = {
  [K in
    | 'Reshape'
    | 'Transpose'
    | 'Expand'
    | 'Concat'
    | 'Split'
    | 'Slice'
    | 'Pad'
    | 'Gather'
    | 'OneHot'
    | 'DepthToSpace']: OpRow<OpAttrs[K]>;
};

export const LAYOUT: Rows = {
  Reshape: {
    infer([x], { shape }) {
      if (numElements(x!.shape) !== numElements(shape)) {
        throw new ShapeError('Reshape', `${formatShape(x!.shape)} has another size than ${formatShape(shape)}`);
      }
      return [{ dtype: x!.dtype, shape }];
    },
    vjp: ({ cotangents, inputs }) => [f.reshape(cotangents[0]!, inputs[0]!.shape)],
    lower: ({ shape }) => ({ op: 'Reshape', extraInputs: [int64s(shape)] }),
  },
  Transpose: {
    infer([x], { perm }) {
      const sorted = [...perm].sort((a, b) => a - b);
      if (perm.length !== x!.shape.length || !sorted.every((p, i) => p === i)) {
        throw new ShapeError('Transpose', `${perm} is no permutation of the axes of ${formatShape(x!.shape)}`);
      }
      return [{ dtype: x!.dtype, shape: perm.map((p) => x!.shape[p]!) }];
    },
    vjp: ({ cotangents, attrs }) => [
      f.transpose(
        cotangents[0]!,
        attrs.perm.map((_, i) => attrs.perm.indexOf(i)),
      ),
    ],
    lower: ({ perm }) => ({ op: 'Transpose', attributes: { perm: { ints: perm } } }),
  },
  Expand: {
    infer([x], { shape }) {
      if (!sameShape(broadcast('Expand', x!.shape, shape), shape)) {
        throw new ShapeError('Expand', `${formatShape(x!.shape)} does not expand to ${formatShape(shape)}`);
      }
      return [{ dtype: x!.dtype, shape }];
    },
    vjp: ({ cotangents, inputs }) => [f.sumTo(cotangents[0]!, inputs[0]!.shape)],
    lower: ({ shape }) => ({ op: 'Expand', extraInputs: [int64s(shape)] }),
  },
  Concat: {
    infer(inputs, { axis }) {
      const first = inputs[0];
      if (!first) throw new ShapeError('Concat', 'needs at least one tensor');
      const along = normaliseAxis('Concat', axis, first.shape.length);
      for (const x of inputs) {
        if (x.dtype !== first.dtype || !sameShape(withAxis(x.shape, along, 1), withAxis(first.shape, along, 1))) {
          throw new ShapeError(
            'Concat',
            `${x.dtype}${formatShape(x.shape)} does not fit ${first.dtype}${formatShape(first.shape)} along axis ${along}`,
          );
        }
      }
      return [
        {
          dtype: first.dtype,
          shape: withAxis(
            first.shape,
            along,
            inputs.reduce((n, x) => n + x.shape[along]!, 0),
          ),
        },
      ];
    },
    vjp({ cotangents, inputs, attrs, needs }) {
      let start = 0;
      return inputs.map((x, i) => {
        const along = normaliseAxis('Concat', attrs.axis, x.shape.length);
        const end = start + x.shape[along]!;
        const piece = needs[i] ? f.slice(cotangents[0]!, along, start, end) : undefined;
        start = end;
        return piece;
      });
    },
    lower: ({ axis }) => ({ op: 'Concat', attributes: { axis: { int: axis } } }),
  },
  Split: {
    infer([x], { axis, sizes }) {
      const along = normaliseAxis('Split', axis, x!.shape.length);
      if (sizes.reduce((a, b) => a + b, 0) !== x!.shape[along]) {
        throw new ShapeError('Split', `pieces ${sizes} do not add up to axis ${along} of ${formatShape(x!.shape)}`);
      }
      return sizes.map((n) => ({ dtype: x!.dtype, shape: withAxis(x!.shape, along, n) }));
    },
    vjp: ({ cotangents, outputs, attrs }) => [
      f.concat(
        outputs.map((y, i) => cotangents[i] ?? f.zeros(y)),
        attrs.axis,
      ),
    ],
    lower: ({ axis, sizes }) => ({ op: 'Split', attributes: { axis: { int: axis } }, extraInputs: [int64s(sizes)] }),
  },
  Slice: {
    infer([x], { axes, starts, ends }) {
      if (new Set(axes).size !== axes.length || starts.length !== axes.length || ends.length !== axes.length) {
        throw new ShapeError(
          'Slice',
          `needs distinct axes with a start and an end each, got axes ${axes}, starts ${starts}, ends ${ends}`,
        );
      }
      const shape = [...x!.shape];
      axes.forEach((axis, i) => {
        const start = starts[i] ?? -1;
        const end = ends[i] ?? -1;
        if (start < 0 || end <= start || end > (x!.shape[axis] ?? 0)) {
          throw new ShapeError('Slice', `${start}..${end} is no range of axis ${axis} of ${formatShape(x!.shape)}`);
        }
        shape[axis] = end - start;
      });
      return [{ dtype: x!.dtype, shape }];
    },
    vjp({ cotangents, inputs, attrs }) {
      const shape = inputs[0]!.shape;
      const begins = shape.map((_, axis) => attrs.starts[attrs.axes.indexOf(axis)] ?? 0);
      const ends = shape.map((d, axis) => d - (attrs.ends[attrs.axes.indexOf(axis)] ?? d));
      return [f.pad(cotangents[0]!, begins, ends)];
    },
    lower: ({ axes, starts, ends }) => ({ op: 'Slice', extraInputs: [int64s(starts), int64s(ends), int64s(axes)] }),
  },
  Pad: {
    infer([x], { begins, ends }) {
      if (
        begins.length !== x!.shape.length ||
        ends.length !== x!.shape.length ||
        [...begins, ...ends].some((n) => n < 0)
      ) {
        throw new ShapeError(
          'Pad',
          `needs a non-negative number per axis of ${formatShape(x!.shape)} and side, got ${begins} and ${ends}`,
        );
      }
      return [{ dtype: x!.dtype, shape: x!.shape.map((d, i) => d + begins[i]! + ends[i]!) }];
    },
    vjp: ({ cotangents, inputs, attrs }) => [
      inputs[0]!.shape.reduce(
        (dy, d, axis) => f.slice(dy, axis, attrs.begins[axis]!, attrs.begins[axis]! + d),
        cotangents[0]!,
      ),
    ],
    lower: ({ begins, ends }) => ({ op: 'Pad', extraInputs: [int64s([...begins, ...ends])] }),
  },
  Gather: {
    infer([data, indices], { axis }) {
      if (indices!.dtype !== 'int64' && indices!.dtype !== 'int32') {
        throw new ShapeError('Gather', `indices are ${indices!.dtype}, not int32 or int64`);
      }
      const along = normaliseAxis('Gather', axis, data!.shape.length);
      const shape = [...data!.shape.slice(0, along), ...indices!.shape, ...data!.shape.slice(along + 1)];
      return [{ dtype: data!.dtype, shape }];
    },
    // The adjoint scatters by addition; as a matrix product with the one-hot indices it runs on every provider.
    vjp({ cotangents, inputs, attrs, needs }) {
      if (!needs[0]) return [undefined, undefined];
      const [data, indices] = [inputs[0]!, inputs[1]!];
      const along = normaliseAxis('Gather', attrs.axis, data.shape.length);
      const count = numElements(indices.shape);
      const outer = data.shape.slice(0, along);
      const inner = data.shape.slice(along + 1);
      const rows = numElements(outer);
      const columns = numElements(inner);
      const depth = data.shape[along]!;
      const picks = f.oneHot(f.reshape(indices, [count]), depth, data.dtype);
      const byIndex = f.transpose(f.reshape(cotangents[0]!, [rows, count, columns]), [1, 0, 2]);
      const summed = f.gemm(picks, f.reshape(byIndex, [count, rows * columns]), { transA: true });
      const back = f.transpose(f.reshape(summed, [depth, rows, columns]), [1, 0, 2]);
      return [f.reshape(back, data.shape), undefined];
    },
    lower: ({ axis }) => ({ op: 'Gather', attributes: { axis: { int: axis } } }),
  },
  OneHot: {
    infer([indices], { depth, dtype }) {
      if (indices!.dtype !== 'int64' && indices!.dtype !== 'int32') {
        throw new ShapeError('OneHot', `indices are ${indices!.dtype}, not int32 or int64`);
      }
      if (!indices!.shape.length) throw new ShapeError('OneHot', 'indices must have at least one axis');
      return [{ dtype, shape: [...indices!.shape, depth] }];
    },
    vjp: { none: 'its input is an index' },
    // ONNX Runtime's kernels take the depth in the type of the indices.
    lower: ({ depth, dtype }, [indices]) => ({
      op: 'OneHot',
      attributes: { axis: { int: -1 } },
      extraInputs: [
        { dtype: indices!.dtype, shape: [1], values: [depth] },
        { dtype, shape: [2], values: [0, 1] },
      ],
    }),
  },
  DepthToSpace: {
    infer([x], { block }) {
      const [n, c, h, w] = x!.shape;
      if (x!.shape.length !== 4 || c! % (block * block) || !isLength(block)) {
        throw new ShapeError(
          'DepthToSpace',
          `needs NCHW with channels divisible by the square of a whole block, got ${formatShape(x!.shape)} and ${block}`,
        );
      }
      return [{ dtype: x!.dtype, shape: [n!, c! / (block * block), h! * block, w! * block] }];
    },
    vjp({ cotangents, inputs, attrs: { block } }) {
      const [n, c, h, w] = inputs[0]!.shape as [number, number, number, number];
      const parted = f.reshape(cotangents[0]!, [n, c / (block * block), h, block, w, block]);
      return [f.reshape(f.transpose(parted, [0, 1, 3, 5, 2, 4]), [n, c, h, w])];
    },
    lower: ({ block }) => ({ op: 'DepthToSpace', attributes: { blocksize: { int: block }, mode: { string: 'CRD' } } }),
  },
};
