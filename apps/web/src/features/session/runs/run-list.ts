// The runs of the session: asked once, then kept by the server's signals; asked again after a lost connection.
import { createStore, type StoreApi } from 'zustand';
import { useConnection } from '../../../gql/connection.ts';
import { follow } from '../../../gql/follow.ts';
import { graphql, type ResultOf } from '../../../gql/graphql.ts';
import { ask } from '../../../gql/query.ts';
import { watchQueue } from './watch-queue.ts';

const RUN = graphql(`
  fragment SessionRun on Run {
    id
    name
    status
    prompts
    plan
    deadKnobs
    tokenizer
    positions
    iterations
    stepCount
    firstStep
    forkStep
    loss
    score
    pinned
    interruption
    createdAt
    startedAt
    finishedAt
    parent { id }
    seed { id }
    user { id name }
    error { code message }
    queuePosition { ahead queued }
    picture(size: 96) { dataUrl url }
  }
`);

const RUNS = graphql(
  `
    query SessionRuns($id: ID!, $first: Int!) {
      session(id: $id) { runs(first: $first, orderBy: CREATED_AT) { totalCount nodes { ...SessionRun } } }
    }
  `,
  [RUN],
);

const CHANGED = graphql(
  `
    subscription SessionRunsChanged($workspaceId: ID!, $sessionId: ID!) {
      runsChanged(workspaceId: $workspaceId, sessionId: $sessionId) { ...SessionRun }
    }
  `,
  [RUN],
);

export type SessionRun = ResultOf<typeof RUN>;

export interface RunListView {
  readonly loaded: boolean;
  readonly trouble: unknown;
  /** Newest first. */
  readonly runs: readonly SessionRun[];
  /** Of the session; more than are listed here. */
  readonly total: number;
  /** Runs wait and none is computed: no worker is connected. */
  readonly idle: boolean;
}

/** A session page lists these; the history has them all. */
const LISTED = 40;

export class RunList {
  readonly view: StoreApi<RunListView> = createStore<RunListView>(() => ({
    loaded: false,
    trouble: null,
    runs: [],
    total: 0,
    idle: false,
  }));
  readonly #ids: { readonly workspaceId: string; readonly sessionId: string };
  #stops: (() => void)[] = [];

  constructor(ids: { readonly workspaceId: string; readonly sessionId: string }) {
    this.#ids = ids;
  }

  open(): void {
    void this.refresh();
    const stop = follow(CHANGED, () => this.#ids, {
      next: ({ runsChanged }) => this.put(runsChanged),
      error: (cause) => this.view.setState({ trouble: cause }),
    });
    const stopWatching = useConnection.subscribe(({ connection }, before) => {
      const back = connection.status === 'online' && before.connection.status !== 'online';
      // What changed while nobody listened is not told again.
      if (back && this.view.getState().loaded) void this.refresh();
    });
    this.#stops = [stop, stopWatching, watchQueue(this.view, this.#ids.workspaceId)];
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }

  async refresh(): Promise<void> {
    try {
      const { session } = await ask(RUNS, { id: this.#ids.sessionId, first: LISTED });
      if (!session) return;
      const asked = session.runs.nodes;
      const known = new Set(asked.map(({ id }) => id));
      const newer = this.view.getState().runs.filter(({ id }) => !known.has(id));
      this.view.setState({
        loaded: true,
        trouble: null,
        runs: sorted([...newer, ...asked]),
        total: session.runs.totalCount,
      });
    } catch (cause) {
      this.view.setState({ trouble: cause });
    }
  }

  /** A run as it is now, new or known. */
  put(run: SessionRun): void {
    const { runs, total } = this.view.getState();
    const known = runs.some(({ id }) => id === run.id);
    const others = runs.filter(({ id }) => id !== run.id);
    this.view.setState({ runs: sorted([run, ...others]), total: known ? total : total + 1 });
  }
}

function sorted(runs: readonly SessionRun[]): SessionRun[] {
  return runs.toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt) || (a.id < b.id ? 1 : -1));
}
