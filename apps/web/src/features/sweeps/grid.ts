// Places the runs of a sweep in a grid: the first axis runs across, the second one down, further ones make a grid each.

export interface Grid<R> {
  /** Values of the third and further axes, in words; empty with one or two axes. */
  readonly title: string;
  readonly columns: readonly unknown[];
  readonly rows: readonly unknown[];
  /** [row][column] */
  readonly cells: readonly (readonly (R | null)[])[];
}

interface Axis {
  readonly path: string;
  readonly values: readonly unknown[];
}

/** `sweepCell` of a run holds its index on each axis. */
export function gridsOf<R extends { readonly sweepCell: readonly number[] }>(
  axes: readonly Axis[],
  runs: readonly R[],
  nameOf: (axis: Axis, index: number) => string,
): Grid<R>[] {
  const [across, down, ...further] = axes;
  if (!across) return [];
  const byCell = new Map(runs.map((run) => [run.sweepCell.join(','), run]));
  return combinations(further).map((rest) => ({
    title: rest.map((index, i) => nameOf(further[i]!, index)).join(', '),
    columns: across.values,
    rows: down?.values ?? [null],
    cells: (down?.values ?? [null]).map((_, row) =>
      across.values.map((_, column) => byCell.get([column, ...(down ? [row] : []), ...rest].join(',')) ?? null),
    ),
  }));
}

function combinations(axes: readonly Axis[]): number[][] {
  return axes.reduce<number[][]>(
    (all, axis) => all.flatMap((indices) => axis.values.map((_, index) => [...indices, index])),
    [[]],
  );
}
