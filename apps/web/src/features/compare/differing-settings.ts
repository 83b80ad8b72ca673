// Which settings of the compared runs differ: the reason for what is seen.
import { planRows } from '../run/plan-rows.ts';

export interface DifferingSetting {
  readonly label: string;
  /** Beside the runs; null where a run has no such setting. */
  readonly values: readonly (string | null)[];
}

export function differingSettings(plans: readonly unknown[]): DifferingSetting[] {
  const tables = plans.map((plan) => {
    const { general, objectives } = planRows(plan);
    const several = objectives.length > 1;
    const rows = objectives.flatMap((objective, i) =>
      objective.map((row) => ({
        ...row,
        path: `objectives.${i}.${row.path}`,
        label: several ? `${row.label} ${i + 1}` : row.label,
      })),
    );
    return new Map([...rows, ...general].map((row) => [row.path, row]));
  });
  const paths = [...new Set(tables.flatMap((table) => [...table.keys()]))];
  return paths.flatMap((path) => {
    const values = tables.map((table) => table.get(path)?.value ?? null);
    if (new Set(values).size < 2) return [];
    return [{ label: tables.find((table) => table.has(path))!.get(path)!.label, values }];
  });
}
