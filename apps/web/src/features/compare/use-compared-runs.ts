// The runs of a comparison, looked at again while some of them still grow.
'use client';
import { useEffect, useMemo } from 'react';
import { type CombinedError, useQuery } from 'urql';
import { hasEnded } from '../run/status.ts';
import { type ComparedRun, ComparedRunsDocument } from './documents.ts';

/** ms */
const LOOK_MS = 2000;

export interface ComparedRuns {
  readonly runs: ReadonlyMap<string, ComparedRun>;
  /** Those that were deleted, or are not the viewer's to see. */
  readonly gone: ReadonlySet<string>;
  readonly loaded: boolean;
  readonly error: CombinedError | undefined;
  readonly retry: () => void;
}

/** `ids` may name a run twice. */
export function useComparedRuns(ids: readonly string[]): ComparedRuns {
  const key = [...new Set(ids)].join(' ');
  const distinct = useMemo(() => key.split(' ').filter(Boolean), [key]);
  const [{ data, error, operation }, again] = useQuery({ query: ComparedRunsDocument, variables: { ids: distinct } });
  const runs = useMemo(
    () => new Map((data?.runs ?? []).flatMap((run) => (run ? [[run.id, run] as const] : []))),
    [data],
  );
  const asked = operation?.variables.ids;
  const gone = useMemo(
    () => new Set([asked ?? []].flat().filter((_, i) => data !== undefined && data.runs[i] === null)),
    [data, asked],
  );
  const active = [...runs.values()].some(({ status }) => !hasEnded(status));
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => again({ requestPolicy: 'network-only' }), LOOK_MS);
    return () => clearInterval(timer);
  }, [active, again]);
  return { runs, gone, loaded: data !== undefined, error, retry: () => again({ requestPolicy: 'network-only' }) };
}
