// A table of figures beside what was asked for.

export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What the product promises; absent where a figure only informs. */
  readonly asked?: { readonly most: number } | { readonly least: number };
  readonly note?: string;
}

/** A share of sorted numbers lies at or below it; NaN for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export function isWithin({ value, asked }: Figure): boolean {
  if (!asked) return true;
  return 'most' in asked ? value <= asked.most : value >= asked.least;
}

export function lineOf(figure: Figure): string {
  const { what, value, unit, asked, note } = figure;
  const wanted = !asked ? '' : 'most' in asked ? `at most ${asked.most}` : `at least ${asked.least}`;
  const verdict = !asked ? '' : isWithin(figure) ? 'yes' : 'NO';
  const number = Number.isNaN(value) ? '-' : value >= 100 ? value.toFixed(0) : value.toFixed(value < 1 ? 3 : 1);
  return [
    what.padEnd(58),
    `${number} ${unit}`.padStart(14),
    wanted.padStart(15),
    verdict.padStart(5),
    note && `  ${note}`,
  ]
    .filter(Boolean)
    .join('');
}
