// Strokes to a soft mask: pure and made of exactly rounded operations, so that page and server draw the same bits.
import type { Stroke } from '../document/stroke.ts';
import { MaskError } from '../errors.ts';
import { COLLAB_LIMITS } from '../limits.ts';
import { featherMask } from './feather.ts';

export interface RasteriseOptions {
  /** Standard deviation of the soft edge as a share of the shorter side, 0 to 0.25. Default 0. */
  readonly feather?: number;
  /** 1 - mask, after feathering. Default false. */
  readonly invert?: boolean;
  /** Pixel visits allowed. */
  readonly maxWork?: number;
}

/** Largest side: what the engine decodes is at most 512, a photo 16 MP. */
const MAX_SIDE = 4_096;

/**
 * Mask HW as float32 in 0..1: 0 keeps the picture, 1 is to be generated. Strokes are drawn in order; within one, the
 * strongest of its segments counts, `add` takes the larger of stroke and mask, `erase` takes mask * (1 - stroke).
 * @throws MaskError for a size that is none, a feather outside its range, strokes that would take too long
 */
export function rasterise(
  strokes: readonly Stroke[],
  width: number,
  height: number,
  { feather = 0, invert = false, maxWork = COLLAB_LIMITS.maskWork.value }: RasteriseOptions = {},
): Float32Array {
  for (const [name, side] of [
    ['width', width],
    ['height', height],
  ] as const) {
    if (!Number.isInteger(side) || side < 1 || side > MAX_SIDE) {
      throw new MaskError(`The mask's ${name} is ${side}; it must be a whole number from 1 to ${MAX_SIDE}.`);
    }
  }
  if (!(feather >= 0 && feather <= 0.25)) throw new MaskError(`feather is ${feather}; it must be from 0 to 0.25.`);
  const paths = strokes.map((stroke) => pathOf(stroke, width, height));
  const work = paths.reduce((sum, path) => sum + workOf(path, width, height), 0);
  if (work > maxWork) {
    throw new MaskError(`The strokes need ${Math.round(work)} pixel visits, more than ${maxWork}; remove some.`);
  }
  const mask = new Float32Array(width * height);
  const scratch = new Float32Array(width * height);
  for (const path of paths) draw(mask, scratch, path, width, height);
  const soft = feather > 0 ? featherMask(mask, width, height, feather * Math.min(width, height)) : mask;
  return invert ? soft.map((value) => 1 - value) : soft;
}

interface Path {
  readonly erase: boolean;
  /** x, y in px. */
  readonly points: readonly number[];
  /** px. */
  readonly radius: number;
  /** px over which the edge falls from 1 to 0; at least 1, against stairs. */
  readonly edge: number;
}

function pathOf(stroke: Stroke, width: number, height: number): Path {
  const radius = (stroke.size / 2) * Math.min(width, height);
  // Points closer than a tenth of the brush do not show.
  const apart = Math.max(0.25, radius / 10);
  const points: number[] = [];
  for (let i = 0; i < stroke.points.length; i += 2) {
    const x = stroke.points[i]! * width;
    const y = stroke.points[i + 1]! * height;
    const dx = x - (points.at(-2) ?? Number.POSITIVE_INFINITY);
    const dy = y - (points.at(-1) ?? Number.POSITIVE_INFINITY);
    const last = i === stroke.points.length - 2;
    if (last || dx * dx + dy * dy >= apart * apart) points.push(x, y);
  }
  return { erase: stroke.mode === 'erase', points, radius, edge: Math.max(1, radius * stroke.softness) };
}

/** Pixels of the boxes around the segments, and of the one around all of them. */
function workOf(path: Path, width: number, height: number): number {
  const { points, radius } = path;
  const { left, right, top, bottom } = boxOf(path, width, height);
  let work = 2 * (right - left + 1) * (bottom - top + 1);
  for (let i = 0; i < points.length; i += 2) {
    const j = Math.max(0, i - 2);
    const wide = Math.min(width, Math.abs(points[i]! - points[j]!) + 2 * radius + 2);
    work += wide * Math.min(height, Math.abs(points[i + 1]! - points[j + 1]!) + 2 * radius + 2);
  }
  return work;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Pixels that a path may touch; empty (right < left) where it lies outside. */
function boxOf({ points, radius }: Path, width: number, height: number): Box {
  const box = { left: width, right: -1, top: height, bottom: -1 };
  for (let i = 0; i < points.length; i += 2) {
    box.left = Math.min(box.left, Math.max(0, Math.floor(points[i]! - radius - 1)));
    box.right = Math.max(box.right, Math.min(width - 1, Math.ceil(points[i]! + radius)));
    box.top = Math.min(box.top, Math.max(0, Math.floor(points[i + 1]! - radius - 1)));
    box.bottom = Math.max(box.bottom, Math.min(height - 1, Math.ceil(points[i + 1]! + radius)));
  }
  return box;
}

/** `scratch` is all zero before and after. */
function draw(mask: Float32Array, scratch: Float32Array, path: Path, width: number, height: number): void {
  const { points } = path;
  for (let i = 0; i < points.length; i += 2) {
    // A single point is a segment of length 0.
    const j = points.length > 2 ? i - 2 : i;
    if (j >= 0) drawSegment(scratch, [points[j]!, points[j + 1]!, points[i]!, points[i + 1]!], path, width, height);
  }
  const { left, right, top, bottom } = boxOf(path, width, height);
  for (let y = top; y <= bottom; y += 1) {
    for (let i = y * width + left; i <= y * width + right; i += 1) {
      const value = scratch[i]!;
      scratch[i] = 0;
      if (value > 0) mask[i] = path.erase ? mask[i]! * (1 - value) : Math.max(mask[i]!, value);
    }
  }
}

/** Coverage by the distance of the pixel's centre to the segment from (x0, y0) to (x1, y1). */
function drawSegment(
  scratch: Float32Array,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
  path: Path,
  width: number,
  height: number,
): void {
  const { radius, edge } = path;
  const { left, right, top, bottom } = boxOf({ ...path, points: [x0, y0, x1, y1] }, width, height);
  const reach = radius + 0.5;
  const dx = x1 - x0;
  const dy = y1 - y0;
  const length2 = dx * dx + dy * dy;
  for (let y = top; y <= bottom; y += 1) {
    const py = y + 0.5 - y0;
    for (let x = left; x <= right; x += 1) {
      const at = y * width + x;
      if (scratch[at] === 1) continue;
      const px = x + 0.5 - x0;
      const along = length2 > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / length2)) : 0;
      const ex = px - along * dx;
      const ey = py - along * dy;
      const distance2 = ex * ex + ey * ey;
      if (distance2 >= reach * reach) continue;
      const t = Math.min(1, (reach - Math.sqrt(distance2)) / edge);
      const value = edge > 1 ? t * t * (3 - 2 * t) : t;
      if (value > scratch[at]!) scratch[at] = value;
    }
  }
}
