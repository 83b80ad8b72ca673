// Reads what people type for the values of a sweep's axis: "0.05, 0.1", "1..5", "0..1 by 0.25", or one text per line.

export type AxisKind = 'number' | 'whole' | 'text';

export interface AxisPath {
  /** Dotted path in the plan. */
  readonly path: string;
  readonly label: string;
  readonly kind: AxisKind;
  readonly example: string;
  /** Below it; where there is one. */
  readonly below?: number;
  /** A larger value is not more, only another one. */
  readonly nominal?: true;
}

export const AXIS_PATHS: readonly AxisPath[] = [
  { path: 'learningRate', label: 'Learning rate', kind: 'number', example: '0.05, 0.1, 0.2' },
  { path: 'seed', label: 'Random seed', kind: 'whole', example: '1..4', nominal: true },
  { path: 'noise', label: 'Noise', kind: 'number', example: '0, 0.05, 0.1' },
  { path: 'iterations', label: 'Steps', kind: 'whole', example: '100, 200, 300' },
  { path: 'ema', label: 'Moving average', kind: 'number', example: '0, 0.9, 0.98', below: 1 },
  { path: 'regularisation.weight', label: 'Regularisation', kind: 'number', example: '0, 0.01, 0.02' },
  { path: 'objectives.0.prompt', label: 'Prompt', kind: 'text', example: 'one prompt per line' },
  { path: 'objectives.0.cfg', label: 'Negative prompt scale (cfg)', kind: 'number', example: '1, 1.5, 2' },
  { path: 'objectives.0.weight', label: 'Objective weight', kind: 'number', example: '0.5, 1, 2' },
  { path: 'objectives.0.crops.count', label: 'Crops', kind: 'whole', example: '0, 4, 8' },
  { path: 'start.sigma', label: 'Start noise (sigma)', kind: 'number', example: '0.5, 1, 2' },
];

export type AxisValues = { readonly values: readonly (number | string)[] } | { readonly problem: string };

/** More on one axis makes a grid nobody can read. */
const MOST = 20;

export function readAxisValues(text: string, kind: AxisKind): AxisValues {
  const parts = (kind === 'text' ? text.split('\n') : text.split(/[,\n;]/)).map((part) => part.trim()).filter(Boolean);
  if (parts.length === 0) return { problem: kind === 'text' ? 'Write one value per line.' : 'Write some values.' };
  const values: (number | string)[] = [];
  for (const part of parts) {
    if (kind === 'text') {
      values.push(part);
      continue;
    }
    const numbers = readNumbers(part);
    if (!numbers) return { problem: `“${part}” is not a number or a range such as 1..5 or 0..1 by 0.25.` };
    if (kind === 'whole' && numbers.some((value) => !Number.isInteger(value))) {
      return { problem: `“${part}” holds a fraction; whole numbers are needed.` };
    }
    values.push(...numbers);
    if (values.length > MOST) break;
  }
  const distinct = [...new Set(values)];
  if (distinct.length > MOST) return { problem: `These are more than ${MOST} values; an axis takes up to ${MOST}.` };
  return { values: distinct };
}

function readNumbers(part: string): number[] | null {
  const range = /^(-?[\d.]+(?:e-?\d+)?)\s*\.\.\s*(-?[\d.]+(?:e-?\d+)?)(?:\s+by\s+([\d.]+(?:e-?\d+)?))?$/i.exec(part);
  if (!range) {
    const value = Number(part);
    return Number.isFinite(value) ? [value] : null;
  }
  const [from, to, by] = [Number(range[1]), Number(range[2]), Number(range[3] ?? 1)];
  if (![from, to, by].every(Number.isFinite) || by <= 0 || to < from) return null;
  const steps = Math.min(Math.floor((to - from) / by + 1e-9), MOST);
  // Rounded, because 0.1 + 0.2 would be shown with seventeen digits.
  return Array.from({ length: steps + 1 }, (_, i) => Number((from + i * by).toPrecision(10)));
}

/** A value of an axis as a heading of the grid. */
export function showAxisValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function axisLabel(path: string): string {
  return AXIS_PATHS.find((axis) => axis.path === path)?.label ?? path;
}

/** Values around the one that a plan has now, as people would type them; the example where there is none. */
export function valuesAround(
  { kind, example, nominal, below = Number.POSITIVE_INFINITY }: AxisPath,
  now: unknown,
): string {
  if (kind === 'text') return typeof now === 'string' ? now.replaceAll(/\s*\n\s*/g, ' ') : '';
  if (typeof now !== 'number' || now === 0) return example;
  if (nominal) return `${now}..${now + 3}`;
  const near = [now / 2, now, now * 2].map((value) =>
    kind === 'whole' ? Math.round(value) : Number(value.toPrecision(6)),
  );
  return [...new Set(near)].filter((value) => value < below).join(', ');
}

/** What stands at a dotted path. */
export function valueAt(plan: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (at instanceof Object ? Reflect.get(at, key) : undefined), plan);
}
