// Where the session's waiting runs stand: looked at again and again, because runs ahead of them may be of other sessions.
import type { StoreApi } from 'zustand';
import { graphql } from '../../../gql/graphql.ts';
import { ask } from '../../../gql/query.ts';
import type { RunListView } from './run-list.ts';

const WAITING = graphql(`
  query WaitingRuns($ids: [ID!]!, $workspaceId: ID!) {
    runs(ids: $ids) { id queuePosition { ahead queued } }
    workspace(id: $workspaceId) { id queue { running oldestSeconds } }
  }
`);

/** ms between two looks, and until the first one: runs start and end in groups. */
const LOOK_MS = 2_500;
const SOON_MS = 200;
/** Seconds that a run waits while none is computed; where a worker is connected, it is taken within two. */
const IDLE_SECONDS = 8;
/** Runs that are asked for at once, those that started to wait first. */
const MOST = 50;

/** Keeps positions, and `idle`, while any run waits. Returns how to stop. */
export function watchQueue(view: StoreApi<RunListView>, workspaceId: string): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let known = '';
  const later = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), ms);
  };
  const look = async () => {
    const asked = known;
    try {
      const { runs, workspace } = await ask(WAITING, { ids: asked.split(' ').slice(-MOST), workspaceId });
      if (asked !== known) return;
      const positions = new Map(runs.map((run) => [run?.id, run?.queuePosition]));
      const queue = workspace?.queue;
      view.setState((now) => ({
        idle: queue?.running === 0 && queue.oldestSeconds > IDLE_SECONDS,
        runs: now.runs.map((run) => ({ ...run, queuePosition: positions.get(run.id) ?? run.queuePosition })),
      }));
    } catch {
      // What was known stays; the next look tells more.
    }
    if (asked === known) later(LOOK_MS);
  };
  const check = ({ runs }: RunListView) => {
    const waiting = runs.flatMap(({ id, status }) => (status === 'QUEUED' ? [id] : [])).join(' ');
    if (waiting === known) return;
    known = waiting;
    if (waiting !== '') return later(SOON_MS);
    clearTimeout(timer);
    view.setState({ idle: false });
  };
  const stop = view.subscribe(check);
  check(view.getState());
  return () => {
    known = '';
    clearTimeout(timer);
    stop();
  };
}
