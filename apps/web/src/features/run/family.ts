// The tree of forks around a run, from nested parents and forks to rows with their depth.
import type { ResultOf } from '../../gql/graphql.ts';
import type { FamilyDocument } from './documents.ts';

type Answer = NonNullable<ResultOf<typeof FamilyDocument>['run']>;
export type Branch = Pick<
  Answer,
  'id' | 'name' | 'prompts' | 'status' | 'score' | 'forkStep' | 'stepCount' | 'picture'
>;

export interface FamilyRow {
  readonly branch: Branch;
  readonly depth: number;
  /** The run whose page this is. */
  readonly self: boolean;
}

interface Nested extends Branch {
  readonly forks?: readonly Nested[];
}

/** Ancestors first, then siblings and descendants below the parent; each fork after its parent, earlier steps first. */
export function familyRows(run: Answer): FamilyRow[] {
  const ancestors: Branch[] = [];
  if (run.parent?.parent?.parent) ancestors.push(run.parent.parent.parent);
  if (run.parent?.parent) ancestors.push(run.parent.parent);
  const rows: FamilyRow[] = ancestors.map((branch, depth) => ({ branch, depth, self: false }));
  const own: Nested = run;
  const top: Nested = run.parent
    ? { ...run.parent, forks: run.parent.forks.map((fork) => (fork.id === run.id ? own : fork)) }
    : own;
  const visit = (branch: Nested, depth: number): void => {
    rows.push({ branch, depth, self: branch.id === run.id });
    const forks = [...(branch.forks ?? [])].sort((a, b) => (a.forkStep ?? 0) - (b.forkStep ?? 0));
    for (const fork of forks) visit(fork, depth + 1);
  };
  visit(top, ancestors.length);
  return rows;
}
