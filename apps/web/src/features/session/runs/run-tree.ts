// The runs of a session as a tree of forks, in the order in which the list shows them.
import type { SessionRun } from './run-list.ts';

export interface TreeRow {
  readonly run: SessionRun;
  /** 0: it began by itself. */
  readonly depth: number;
}

/** Newest first; forks follow their run, oldest first. Forks of runs that are not listed stand by themselves. */
export function treeRows(runs: readonly SessionRun[]): TreeRow[] {
  const listed = new Set(runs.map(({ id }) => id));
  const forks = new Map<string, SessionRun[]>();
  const roots: SessionRun[] = [];
  for (const run of runs) {
    const parent = run.parent?.id;
    if (parent === undefined || !listed.has(parent)) roots.push(run);
    else forks.set(parent, [run, ...(forks.get(parent) ?? [])]);
  }
  const rows: TreeRow[] = [];
  const walk = (run: SessionRun, depth: number) => {
    rows.push({ run, depth });
    for (const fork of forks.get(run.id) ?? []) walk(fork, depth + 1);
  };
  for (const root of roots) walk(root, 0);
  return rows;
}
