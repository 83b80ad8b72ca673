// The tree of forks around a run: its ancestors, and what was forked from its parent and from itself.
import { ask } from '../../gql/query.ts';
import { AncestorsDocument, type Branch, ForksDocument } from './documents.ts';

export interface FamilyRow {
  readonly branch: Branch;
  readonly depth: number;
  /** The run whose page this is. */
  readonly self: boolean;
}

/** Generations of forks below the parent; deeper ones are seen from their own pages. */
const GENERATIONS = 4;
/** Runs in one question: each may have many forks, and a question has a price. */
const WIDTH = 8;
/** A list longer than this is no overview any more. */
const MOST = 80;

/** Each fork stands after its parent, those of earlier steps first. @throws TroubleError */
export async function loadFamily(runId: string): Promise<FamilyRow[]> {
  const { run } = await ask(AncestorsDocument, { id: runId });
  if (!run) return [];
  const ancestors: Branch[] = [run.parent?.parent?.parent, run.parent?.parent].filter((one) => one != null);
  const top = run.parent ?? run;
  const forks = await loadForks(top.id);
  const rows: FamilyRow[] = ancestors.map((branch, depth) => ({ branch, depth, self: false }));
  const visit = (branch: Branch, depth: number): void => {
    rows.push({ branch, depth, self: branch.id === runId });
    const children = [...(forks.get(branch.id) ?? [])].sort((a, b) => (a.forkStep ?? 0) - (b.forkStep ?? 0));
    for (const child of children) visit(child, depth + 1);
  };
  visit(top, ancestors.length);
  return rows.slice(0, MOST);
}

/** Forks by the run that they were forked from, generation by generation. */
async function loadForks(topId: string): Promise<ReadonlyMap<string, readonly Branch[]>> {
  const found = new Map<string, readonly Branch[]>();
  let generation = [topId];
  for (let i = 0; i < GENERATIONS && generation.length > 0 && found.size < MOST; i += 1) {
    const chunks = Array.from({ length: Math.ceil(generation.length / WIDTH) }, (_, at) =>
      generation.slice(at * WIDTH, (at + 1) * WIDTH),
    );
    const answers = await Promise.all(chunks.map((ids) => ask(ForksDocument, { ids })));
    const runs = answers.flatMap((answer) => answer.runs).filter((run) => run !== null);
    for (const { id, forks } of runs) found.set(id, forks);
    generation = runs.flatMap(({ forks }) => forks.map(({ id }) => id));
  }
  return found;
}
