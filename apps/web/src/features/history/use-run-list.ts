// The list of a question as React state; the last list is kept, so that "back" shows the same place at once.
'use client';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { ask } from '../../gql/query.ts';
import { type RunCard, RunCardsDocument } from './documents.ts';
import { type ListQuestion, RunList } from './run-list.ts';

interface Kept {
  readonly key: string;
  readonly list: RunList;
  /** px */
  scroll: number;
}

let kept: Kept | undefined;

function keptList(question: ListQuestion): Kept {
  const key = JSON.stringify(question);
  if (kept?.key !== key) kept = { key, list: new RunList(question), scroll: 0 };
  return kept;
}

export function useRunList(question: ListQuestion) {
  const key = JSON.stringify(question);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the question
  const held = useMemo(() => keptList(question), [key]);
  const { list } = held;
  const state = useSyncExternalStore(list.subscribe, list.state, list.state);
  return { state, list, held };
}

/** ms; running cards show their progress about this often. */
const LOOK_MS = 2000;
const MOST = 24;

/** Asks again for the shown runs that are still computed: statuses are pushed, steps and pictures are not. */
export function useLiveCards(list: RunList, shown: readonly RunCard[]): void {
  const active = shown.filter(({ status }) => status === 'RUNNING' || status === 'LEASED').slice(0, MOST);
  const key = active.map(({ id }) => id).join(' ');
  useEffect(() => {
    if (!key) return;
    const look = async () => {
      if (document.hidden) return;
      try {
        const { runs } = await ask(RunCardsDocument, { ids: key.split(' ') });
        list.merge(runs.filter((run) => run !== null));
      } catch {
        // The connection badge tells; the next look may work.
      }
    };
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => clearInterval(timer);
  }, [key, list]);
}
