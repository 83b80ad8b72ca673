// The grid of a sweep: every combination of the axes' values, each laid into the plan at its dotted path and parsed.
import type { RunPlan } from '@tessera/engine/plan';
import { BadInputError } from '../../errors.ts';
import { completePlan, type PlanLimits } from './resolve-plan.ts';

export type AxisValue = string | number | boolean | null;

export interface Axis {
  readonly path: string;
  readonly values: readonly AxisValue[];
}

export interface Cell {
  /** Index of the value on each axis. */
  readonly cell: readonly number[];
  readonly plan: RunPlan;
}

/** Axes of one sweep: a page can draw no more, and a grid of more is another kind of search. */
const MAX_AXES = 4;

/** @throws BadInputError for axes that are none, too many cells, a path that the plan does not have */
export function checkAxes(
  axes: readonly { readonly path: string; readonly values: readonly unknown[] }[],
  plan: RunPlan,
  maxRuns: number,
): Axis[] {
  if (axes.length === 0 || axes.length > MAX_AXES) {
    throw new BadInputError('axes', `are ${axes.length}; a sweep has 1 to ${MAX_AXES}`);
  }
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count === 0) throw new BadInputError('axes', 'hold one without values; give each at least one');
  if (count > maxRuns) throw new BadInputError('axes', `make ${count} runs; at most ${maxRuns} are one sweep`);
  return axes.map(({ path, values }, i) => {
    if (axes.findIndex((axis) => axis.path === path) !== i) {
      throw new BadInputError(`axes.${i}.path`, `is "${path}" again; join its values in one axis`);
    }
    placeOf(plan, path, `axes.${i}.path`);
    return { path, values: values.map((value, v) => scalar(value, `axes.${i}.values.${v}`)) };
  });
}

/** In the order of the last axis running fastest. @throws BadInputError naming axis and value of a cell that cannot run */
export function cellsOf(plan: RunPlan, axes: readonly Axis[], limits: PlanLimits): Cell[] {
  const cells = axes.reduce<number[][]>(
    (all, { values }) => all.flatMap((cell) => values.map((_, v) => [...cell, v])),
    [[]],
  );
  return cells.map((cell) => ({ cell, plan: planOf(plan, axes, cell, limits) }));
}

function planOf(plan: RunPlan, axes: readonly Axis[], cell: readonly number[], limits: PlanLimits): RunPlan {
  const copy: Tree = structuredClone(plan);
  axes.forEach(({ path, values }, a) => {
    const { parent, key } = placeOf(copy, path, `axes.${a}.path`);
    parent[key] = values[cell[a]!]!;
  });
  try {
    return completePlan(copy, limits);
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    const { field = '' } = error;
    const axis = axes.findIndex(
      ({ path }) => field === path || field.startsWith(`${path}.`) || path.startsWith(`${field}.`),
    );
    const at = axis < 0 ? 'axes' : `axes.${axis}.values.${cell[axis]}`;
    throw new BadInputError(at, `makes ${error.message}`);
  }
}

type Tree = { [key: string]: unknown };

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** Only what the plan has itself can be named: no path leads to a prototype, and a slip is told. */
function placeOf(plan: object, path: string, field: string): { readonly parent: Tree; readonly key: string } {
  const keys = path.split('.');
  const key = keys.pop()!;
  let parent: unknown = plan;
  for (const step of keys) parent = isTree(parent) && Object.hasOwn(parent, step) ? parent[step] : undefined;
  const value = isTree(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined;
  if (!isTree(parent) || value === undefined || isTree(value) || path.startsWith('steering')) {
    throw new BadInputError(
      field,
      `is "${path.slice(0, 100)}"; name one value of the plan, such as learningRate or objectives.0.prompt`,
    );
  }
  return { parent, key };
}

function scalar(value: unknown, field: string): AxisValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new BadInputError(field, 'is no text, number, true, false or null');
}
