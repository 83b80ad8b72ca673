// What a measurement is reported as: one row of a table, or one JSON object a line.

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Middle half of the samples, same unit as `value`. */
  readonly spread?: readonly [number, number];
  readonly samples?: number;
  /** Times slower than our own row of the same step, measured in the same rounds. */
  readonly ratio?: number;
  /** What the project set itself to reach: '>= 8'. */
  readonly goal?: string;
  readonly note?: string;
}

/** A row that could not be measured here, and why. */
export interface Missing {
  readonly name: string;
  readonly missing: string;
}

export type Reported = Row | Missing;

export function jsonLine(row: Reported): string {
  return JSON.stringify(row, (_, x: unknown) => (typeof x === 'number' ? Number(x.toPrecision(5)) : x));
}

export function table(rows: readonly Reported[]): string {
  const head = ['row', 'value', 'unit', 'middle half', 'samples', 'ratio', 'goal', 'note'];
  const cells = rows.map((row) =>
    'missing' in row
      ? [row.name, '-', '', '', '', '', '', row.missing]
      : [
          row.name,
          figure(row.value),
          row.unit,
          row.spread ? row.spread.map(figure).join(' .. ') : '',
          `${row.samples ?? ''}`,
          row.ratio === undefined ? '' : row.ratio.toFixed(2),
          row.goal ?? '',
          row.note ?? '',
        ],
  );
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((line) => line[i]!.length)));
  const line = (texts: readonly string[]) =>
    texts
      .map((text, i) => (i === 1 ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((n) => '-'.repeat(n))), ...cells.map(line)].join('\n');
}

function figure(x: number): string {
  if (x !== 0 && Math.abs(x) < 0.001) return x.toExponential(1);
  return Math.abs(x) >= 100 ? x.toFixed(0) : x.toPrecision(3);
}
