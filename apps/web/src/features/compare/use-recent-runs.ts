// The workspace's runs, newest first, by the page; those with certain words where a text is given.
'use client';
import { useEffect, useRef, useState } from 'react';
import { ask } from '../../gql/query.ts';
import { RecentRunsDocument } from './documents.ts';
import type { PickableRun } from './run-choices.tsx';

const PAGE = 24;

interface Found {
  readonly runs: readonly PickableRun[];
  readonly cursor: string | null;
  readonly hasMore: boolean;
}

export interface RecentRuns extends Omit<Found, 'cursor'> {
  /** Something is here, if only that there is nothing. */
  readonly loaded: boolean;
  readonly loading: boolean;
  readonly error: unknown;
  /** The next page; does nothing while one is on its way. */
  readonly more: () => void;
}

const NOTHING: Found = { runs: [], cursor: null, hasMore: false };

/** What was found stays until what another text finds is here. */
export function useRecentRuns(workspaceId: string, text: string): RecentRuns {
  const [found, setFound] = useState<Found | null>(null);
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<unknown>();
  /** Answers to older questions are dropped. */
  const turn = useRef(0);
  const load = async (before: Found) => {
    turn.current += 1;
    const mine = turn.current;
    setLoading(true);
    setError(undefined);
    try {
      const filter = text === '' ? {} : { text };
      const { workspace } = await ask(RecentRunsDocument, { workspaceId, first: PAGE, after: before.cursor, filter });
      if (mine !== turn.current) return;
      const known = new Set(before.runs.map(({ id }) => id));
      const { nodes = [], pageInfo } = workspace?.runs ?? {};
      setFound({
        runs: [...before.runs, ...nodes.filter(({ id }) => !known.has(id))],
        cursor: pageInfo?.endCursor ?? null,
        hasMore: pageInfo?.hasNextPage ?? false,
      });
    } catch (cause) {
      if (mine === turn.current) setError(cause);
    } finally {
      if (mine === turn.current) setLoading(false);
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text is another list
  useEffect(() => {
    void load(NOTHING);
    return () => {
      turn.current += 1;
    };
  }, [workspaceId, text]);
  const { runs, hasMore } = found ?? NOTHING;
  return { runs, hasMore, loaded: found !== null, loading, error, more: () => !loading && void load(found ?? NOTHING) };
}
