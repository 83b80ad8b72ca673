// Rows of ops that work element by element.
import { DTYPES, isFloat } from '../dtype.ts';
import { ShapeError } from '../errors.ts';
import * as f from '../functional.ts';
import { broadcast, formatShape, sameShape } from '../shape.ts';
import type { TensorType, Value } from '../value.ts';
import type { OpAttrs } from './names.ts';
import type { OpRow, Vjp, VjpContext } from './row.ts';

type None = Record<never, never>;

function sameDtype(op: string, a: TensorType, b: TensorType): void {
  if (a.dtype !== b.dtype) throw new ShapeError(op, `operands are ${a.dtype} and ${b.dtype}`);
}

/** A row for a binary op; `rule` gives the two cotangents before they are summed to the operands' shapes. */
function binary(
  op: string,
  rule: (dy: Value, a: Value, b: Value, y: Value, needs: readonly boolean[]) => (Value | undefined)[],
): OpRow<None> {
  return {
    infer([a, b]) {
      sameDtype(op, a!, b!);
      if (a!.dtype === 'bool') throw new ShapeError(op, 'operands are truth values; cast them first');
      return [{ dtype: a!.dtype, shape: broadcast(op, a!.shape, b!.shape) }];
    },
    vjp({ cotangents, inputs, outputs, needs }) {
      const found = rule(cotangents[0]!, inputs[0]!, inputs[1]!, outputs[0]!, needs);
      return found.map((g, i) => g && f.sumTo(g, inputs[i]!.shape));
    },
  };
}

function comparison(op: string): OpRow<None> {
  return {
    infer([a, b]) {
      sameDtype(op, a!, b!);
      return [{ dtype: 'bool', shape: broadcast(op, a!.shape, b!.shape) }];
    },
    vjp: { none: 'its output is a truth value' },
  };
}

type UnaryRule<A> = (dy: Value, x: Value, y: Value, attrs: A) => Value;

function unary<A = None>(op: string, rule: UnaryRule<A> | { none: string }, lower?: OpRow<A>['lower']): OpRow<A> {
  const vjp: Vjp<A> | { none: string } =
    typeof rule === 'function'
      ? ({ cotangents, inputs, outputs, attrs }: VjpContext<A>) => [
          rule(cotangents[0]!, inputs[0]!, outputs[0]!, attrs),
        ]
      : rule;
  return {
    infer([x]) {
      if (!isFloat(x!.dtype)) throw new ShapeError(op, `needs a float tensor, got ${x!.dtype}`);
      return [x!];
    },
    vjp,
    ...(lower && { lower }),
  };
}

/** A scalar that Where broadcasts; a full tensor of zeros would be kept in memory by constant folding. */
const zero = (like: Value): Value => like.graph.scalar(0, like.dtype);

const microsoft = (op: string) => () => ({ op, domain: 'com.microsoft' as const });
const SQRT_HALF = Math.SQRT1_2;
const INV_SQRT_2PI = 1 / Math.sqrt(2 * Math.PI);
const SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

/** d/dx of x Phi(x) is Phi(x) + x phi(x). */
function geluSlope(x: Value): Value {
  const cdf = f.mul(f.add(f.erf(f.mul(x, SQRT_HALF)), 1), 0.5);
  const density = f.mul(f.exp(f.mul(f.square(x), -0.5)), INV_SQRT_2PI);
  return f.add(cdf, f.mul(x, density));
}

/** The slope is 0 or 1 from 10 outwards, where halves would overflow in the cube and make 0 times infinity. */
function geluTanhSlope(input: Value): Value {
  const x = f.clip(input, -10, 10);
  const squared = f.square(x);
  const t = f.tanh(f.mul(f.mul(x, f.add(f.mul(squared, 0.044715), 1)), SQRT_2_OVER_PI));
  const inner = f.mul(f.add(f.mul(squared, 3 * 0.044715), 1), SQRT_2_OVER_PI);
  const bend = f.mul(f.mul(f.add(f.neg(f.square(t)), 1), inner), f.mul(x, 0.5));
  return f.add(f.mul(f.add(t, 1), 0.5), bend);
}

export const ELEMENTWISE = {
  Add: binary('Add', (dy) => [dy, dy]),
  Sub: binary('Sub', (dy, _a, _b, _y, needs) => [dy, needs[1] ? f.neg(dy) : undefined]),
  Mul: binary('Mul', (dy, a, b, _y, needs) => [
    needs[0] ? f.mul(dy, b) : undefined,
    needs[1] ? f.mul(dy, a) : undefined,
  ]),
  Div: binary('Div', (dy, _a, b, y, needs) => {
    const da = f.div(dy, b);
    return [da, needs[1] ? f.neg(f.mul(da, y)) : undefined];
  }),
  Neg: unary('Neg', (dy) => f.neg(dy)),
  Abs: unary('Abs', (dy, x) => f.mul(dy, f.sign(x))),
  Sign: unary('Sign', { none: 'it is constant almost everywhere; use stopGradient if that is meant' }),
  Round: unary('Round', { none: 'it is constant almost everywhere; use straightThrough for an estimate' }),
  Exp: unary('Exp', (dy, _x, y) => f.mul(dy, y)),
  Log: unary('Log', (dy, x) => f.div(dy, x)),
  Sqrt: unary('Sqrt', (dy, _x, y) => f.mul(f.div(dy, y), 0.5)),
  Reciprocal: unary('Reciprocal', (dy, _x, y) => f.neg(f.mul(dy, f.square(y)))),
  Tanh: unary('Tanh', (dy, _x, y) => f.sub(dy, f.mul(dy, f.square(y)))),
  Sigmoid: unary('Sigmoid', (dy, _x, y) => f.mul(dy, f.sub(y, f.square(y)))),
  Erf: unary('Erf', (dy, x) => f.mul(dy, f.mul(f.exp(f.neg(f.square(x))), 2 / Math.sqrt(Math.PI)))),
  // Zero at zero, as in torch.relu.
  Relu: unary('Relu', (dy, x) => f.where(f.lessOrEqual(x, 0), zero(dy), dy)),
  Gelu: unary('Gelu', (dy, x) => f.mul(dy, geluSlope(x)), microsoft('Gelu')),
  FastGelu: {
    ...unary('FastGelu', (dy, x) => f.mul(dy, geluTanhSlope(x)), microsoft('FastGelu')),
    infer([x]) {
      if (!isFloat(x!.dtype) || !x!.shape.length) {
        throw new ShapeError(
          'FastGelu',
          `needs a float tensor with at least one axis, got ${x!.dtype}${formatShape(x!.shape)}`,
        );
      }
      return [x!];
    },
  } satisfies OpRow<None>,
  QuickGelu: unary<OpAttrs['QuickGelu']>(
    'QuickGelu',
    (dy, x, y, { alpha }) => {
      // s + alpha y (1 - s): reusing y lets the runtime free the activation's input early.
      const s = f.sigmoid(alpha === 1 ? x : f.mul(x, alpha));
      const bend = f.sub(y, f.mul(y, s));
      return f.mul(dy, f.add(s, alpha === 1 ? bend : f.mul(bend, alpha)));
    },
    ({ alpha }) => ({ op: 'QuickGelu', domain: 'com.microsoft', attributes: { alpha: { float: alpha } } }),
  ),
  Clip: {
    ...unary<OpAttrs['Clip']>(
      'Clip',
      // At the bounds themselves the gradient passes, as in torch.clamp.
      (dy, x, _y, { min, max }) => f.where(f.and(f.greaterOrEqual(x, min), f.lessOrEqual(x, max)), dy, zero(dy)),
      ({ min, max }, [x]) => ({
        op: 'Clip',
        extraInputs: [
          { dtype: x!.dtype, shape: [], values: [min] },
          { dtype: x!.dtype, shape: [], values: [max] },
        ],
      }),
    ),
    infer([x], { min, max }) {
      if (!isFloat(x!.dtype) || !(min <= max)) {
        throw new ShapeError('Clip', `needs a float tensor and bounds in order, got ${x!.dtype}, ${min} and ${max}`);
      }
      return [x!];
    },
  } satisfies OpRow<OpAttrs['Clip']>,
  Cast: {
    infer: ([x], { to }) => [{ dtype: to, shape: x!.shape }],
    vjp: ({ cotangents, inputs }) => [isFloat(inputs[0]!.dtype) ? f.cast(cotangents[0]!, inputs[0]!.dtype) : undefined],
    lower: ({ to }) => ({ op: 'Cast', attributes: { to: { int: DTYPES[to].onnx } } }),
  } satisfies OpRow<OpAttrs['Cast']>,
  Where: {
    infer([condition, a, b]) {
      if (condition!.dtype !== 'bool') throw new ShapeError('Where', `the condition is ${condition!.dtype}, not bool`);
      sameDtype('Where', a!, b!);
      const shape = broadcast('Where', condition!.shape, broadcast('Where', a!.shape, b!.shape));
      return [{ dtype: a!.dtype, shape }];
    },
    vjp({ cotangents, inputs, needs }) {
      const dy = cotangents[0]!;
      const [condition, a, b] = inputs;
      return [
        undefined,
        needs[1] ? f.sumTo(f.where(condition!, dy, zero(dy)), a!.shape) : undefined,
        needs[2] ? f.sumTo(f.where(condition!, zero(dy), dy), b!.shape) : undefined,
      ];
    },
  } satisfies OpRow<None>,
  GreaterOrEqual: comparison('GreaterOrEqual'),
  LessOrEqual: comparison('LessOrEqual'),
  And: {
    ...comparison('And'),
    infer([a, b]) {
      if (a!.dtype !== 'bool' || b!.dtype !== 'bool') {
        throw new ShapeError('And', `operands are ${a!.dtype} and ${b!.dtype}, not bool`);
      }
      return [{ dtype: 'bool', shape: broadcast('And', a!.shape, b!.shape) }];
    },
  } satisfies OpRow<None>,
  StraightThrough: {
    infer([x, forward]) {
      if (!sameShape(x!.shape, forward!.shape)) {
        throw new ShapeError('StraightThrough', `${formatShape(x!.shape)} and ${formatShape(forward!.shape)} differ`);
      }
      sameDtype('StraightThrough', x!, forward!);
      return [forward!];
    },
    vjp: ({ cotangents }) => [cotangents[0]!, undefined],
    lower: () => ({ op: 'Identity', aliasOf: 1 }),
  } satisfies OpRow<None>,
  StopGradient: {
    infer: ([x]) => [x!],
    vjp: () => [undefined],
    lower: () => ({ op: 'Identity', aliasOf: 0 }),
  } satisfies OpRow<None>,
};
