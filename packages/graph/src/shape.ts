// Arithmetic on static shapes.
import { ShapeError } from './errors.ts';

export type Shape = readonly number[];

export function numElements(shape: Shape): number {
  return shape.reduce((n, d) => n * d, 1);
}

/** Whether `n` can be a length, a factor or a window: a positive whole number. */
export function isLength(n: number): boolean {
  return Number.isInteger(n) && n > 0;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((d, i) => d === b[i]);
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** The common shape of two operands under NumPy broadcasting. */
export function broadcast(op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const da = a[i - rank + a.length] ?? 1;
    const db = b[i - rank + b.length] ?? 1;
    if (da !== db && da !== 1 && db !== 1) {
      throw new ShapeError(op, `shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast`);
    }
    return da === 1 ? db : da;
  });
}

/** A non-negative axis below `rank`; negative axes count from the end. */
export function normaliseAxis(op: string, axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || positive < 0 || positive >= rank) {
    throw new ShapeError(op, `axis ${axis} is outside a tensor of rank ${rank}`);
  }
  return positive;
}

/** `shape` with `axes` removed, or kept with length 1. */
export function reduceShape(op: string, shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  const gone = new Set(axes.map((a) => normaliseAxis(op, a, shape.length)));
  // ONNX reads no axes as all axes, and ONNX Runtime miscounts repeated ones.
  if (!gone.size || gone.size !== axes.length)
    throw new ShapeError(op, `needs one or more distinct axes, got ${formatShape(axes)}`);
  return keepDims ? shape.map((d, i) => (gone.has(i) ? 1 : d)) : shape.filter((_, i) => !gone.has(i));
}

/** `shape` with the length at `axis` replaced. */
export function withAxis(shape: Shape, axis: number, length: number): Shape {
  return shape.map((d, i) => (i === axis ? length : d));
}
