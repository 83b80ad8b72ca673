// The list behind the history: pages by cursor, changes as they happen, nothing that jumps while somebody reads.
import { follow } from '../../gql/follow.ts';
import type { VariablesOf } from '../../gql/graphql.ts';
import { type Trouble, troubleOf } from '../../gql/problem.ts';
import { ask } from '../../gql/query.ts';
import {
  HistoryDocument,
  LookalikesDocument,
  type RunCard,
  RunCardsDocument,
  RunsChangedSubscription,
  WorkspaceChangedSubscription,
} from './documents.ts';

const PAGE = 60;
/** ms; a sweep creates hundreds of runs at once, and one look at the first page shows them all. */
const LOOK_AGAIN_MS = 400;

type Filter = VariablesOf<typeof HistoryDocument>['filter'];

export interface ListQuestion {
  readonly workspaceId: string;
  readonly filter: NonNullable<Filter>;
  readonly orderBy: 'CREATED_AT' | 'SCORE';
  /** Rank by what pictures show instead of listing. */
  readonly lookalike: string | null;
}

export interface RunListState {
  readonly runs: readonly RunCard[];
  /** CLIP similarity by run, of a lookalike question. */
  readonly similarity: ReadonlyMap<string, number>;
  /** Null until the first page is there. */
  readonly total: number | null;
  readonly hasMore: boolean;
  readonly loading: boolean;
  readonly trouble: Trouble | null;
}

const EMPTY: RunListState = {
  runs: [],
  similarity: new Map(),
  total: null,
  hasMore: false,
  loading: true,
  trouble: null,
};

export class RunList {
  readonly #question: ListQuestion;
  readonly #listeners = new Set<() => void>();
  #state = EMPTY;
  #cursor: string | null = null;
  #busy = false;
  #stops: (() => void)[] = [];
  #lookAgain: ReturnType<typeof setTimeout> | undefined;

  constructor(question: ListQuestion) {
    this.#question = question;
  }

  readonly state = (): RunListState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#open();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#close();
    };
  };

  /** The next page; does nothing while one is on its way. */
  readonly more = async (): Promise<void> => {
    if (this.#busy || (this.#state.total !== null && !this.#state.hasMore)) return;
    this.#busy = true;
    this.#set({ loading: true, trouble: null });
    try {
      if (this.#question.lookalike !== null) await this.#rank(this.#question.lookalike);
      else await this.#page(this.#cursor);
    } catch (cause) {
      this.#set({ trouble: troubleOf(cause) });
    } finally {
      this.#busy = false;
      this.#set({ loading: false });
    }
  };

  /** Lays known runs over those shown; others are left out. */
  merge(changed: readonly RunCard[]): void {
    const byId = new Map(changed.map((run) => [run.id, run]));
    this.#set({ runs: this.#state.runs.map((run) => byId.get(run.id) ?? run) });
  }

  remove(ids: ReadonlySet<string>): void {
    const runs = this.#state.runs.filter(({ id }) => !ids.has(id));
    const gone = this.#state.runs.length - runs.length;
    if (gone > 0) this.#set({ runs, total: Math.max(0, (this.#state.total ?? 0) - gone) });
  }

  #open(): void {
    const { workspaceId } = this.#question;
    // Kept from an earlier visit: what is shown stays, and what is new comes before it.
    if (this.#state.total === null) void this.more();
    else this.#soon();
    this.#stops = [
      follow(RunsChangedSubscription, () => ({ workspaceId }), {
        next: ({ runsChanged }) => {
          if (this.#state.runs.some(({ id }) => id === runsChanged.id)) this.merge([runsChanged]);
          else this.#soon();
        },
      }),
      follow(WorkspaceChangedSubscription, () => ({ workspaceId }), {
        next: ({ workspaceChanged: { kind, id } }) => {
          if (kind === 'RUN') void this.#check(id).catch(() => this.#soon());
        },
      }),
    ];
  }

  #close(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    clearTimeout(this.#lookAgain);
  }

  #soon(): void {
    if (this.#question.lookalike !== null) return;
    clearTimeout(this.#lookAgain);
    this.#lookAgain = setTimeout(() => {
      this.#head().catch((cause: unknown) => this.#set({ trouble: troubleOf(cause) }));
    }, LOOK_AGAIN_MS);
  }

  /** A run that is shown may have been renamed, pinned or deleted. */
  async #check(id: string): Promise<void> {
    if (!this.#state.runs.some((run) => run.id === id)) return;
    const [run] = (await ask(RunCardsDocument, { ids: [id] })).runs;
    if (run) this.merge([run]);
    else this.remove(new Set([id]));
  }

  async #page(after: string | null): Promise<void> {
    const { workspaceId, filter, orderBy } = this.#question;
    const { workspace } = await ask(HistoryDocument, { workspaceId, first: PAGE, after, filter, orderBy });
    if (!workspace) throw new Error('This workspace does not exist, or you are not a member of it.');
    const { nodes, totalCount, pageInfo } = workspace.runs;
    const shown = new Set(this.#state.runs.map(({ id }) => id));
    this.#cursor = pageInfo.endCursor;
    this.#set({
      runs: [...this.#state.runs, ...nodes.filter(({ id }) => !shown.has(id))],
      total: totalCount,
      hasMore: pageInfo.hasNextPage,
    });
  }

  /** The first page again, laid before what is shown. */
  async #head(): Promise<void> {
    const { workspaceId, filter, orderBy } = this.#question;
    const { workspace } = await ask(HistoryDocument, { workspaceId, first: PAGE, after: null, filter, orderBy });
    if (!workspace || this.#listeners.size === 0) return;
    const { nodes, totalCount } = workspace.runs;
    const first = new Set(nodes.map(({ id }) => id));
    this.#set({ runs: [...nodes, ...this.#state.runs.filter(({ id }) => !first.has(id))], total: totalCount });
  }

  async #rank(text: string): Promise<void> {
    const { workspace } = await ask(LookalikesDocument, { workspaceId: this.#question.workspaceId, text });
    const found = workspace?.runsNearImage ?? [];
    this.#set({
      runs: found.map(({ run }) => run),
      similarity: new Map(found.map(({ run, similarity }) => [run.id, similarity ?? 0])),
      total: found.length,
      hasMore: false,
    });
  }

  #set(change: Partial<RunListState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
