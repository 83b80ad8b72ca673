// Runs beside each other under one slider; two of them also as swipe or difference, with their tokens.
'use client';
import { Plus, SearchX } from 'lucide-react';
import { useEffect, useState } from 'react';
import { AppShell } from '../../shell/app-shell.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { isMissing } from '../run/is-missing.ts';
import { QueryButton } from '../run/query-panel.tsx';
import { compareQuery } from '../run/query-text.ts';
import { Loading, WorkspaceGate } from '../run/workspace-gate.tsx';
import { type Compared, MOST_COMPARED, readCompared, writeCompared } from './address.ts';
import { CompareMany } from './compare-many.tsx';
import { ComparePair } from './compare-pair.tsx';
import type { ComparedRun } from './documents.ts';
import { RunPicker } from './run-picker.tsx';
import { useComparedRuns } from './use-compared-runs.ts';

export function ComparePage({ query }: { readonly query: string }) {
  const [compared, setCompared] = useState<readonly Compared[]>(() => readCompared(query));
  const [picking, setPicking] = useState(false);
  useEffect(() => {
    const url = `${window.location.pathname}${compared.length > 0 ? `?runs=${writeCompared(compared)}` : ''}`;
    if (url !== window.location.pathname + window.location.search) window.history.replaceState(null, '', url);
  }, [compared]);
  const add = (ids: readonly string[]) => {
    setCompared([...compared, ...ids.map((runId) => ({ runId, step: null }))].slice(0, MOST_COMPARED));
    setPicking(false);
  };
  return (
    <AppShell>
      <WorkspaceGate>
        {(workspace) => (
          <>
            <h1 className="sr-only">Compare runs</h1>
            {compared.length === 0 ? (
              <div className="mx-auto w-full max-w-3xl p-4">
                <EmptyState title="Which runs do you want to compare?" className="!pb-4">
                  Choose two or more here, or select them in the history.
                </EmptyState>
                <RunPicker workspaceId={workspace.id} onPick={add} least={2} most={MOST_COMPARED} />
              </div>
            ) : (
              <Comparison
                compared={compared}
                onCompared={setCompared}
                onAdd={compared.length < MOST_COMPARED ? () => setPicking(true) : null}
              />
            )}
            {picking && (
              <RunPicker
                workspaceId={workspace.id}
                onPick={add}
                least={1}
                most={MOST_COMPARED - compared.length}
                onClose={() => setPicking(false)}
              />
            )}
          </>
        )}
      </WorkspaceGate>
    </AppShell>
  );
}

interface ComparisonProps {
  readonly compared: readonly Compared[];
  readonly onCompared: (compared: readonly Compared[]) => void;
  readonly onAdd: (() => void) | null;
}

/** A run at its place in the comparison; a run may be there twice, at two steps. */
export interface ComparedPlace extends Compared {
  readonly key: string;
  readonly run: ComparedRun;
  readonly last: number;
}

function Comparison({ compared, onCompared, onAdd }: ComparisonProps) {
  const { runs, gone, loaded, error, retry } = useComparedRuns(compared.map(({ runId }) => runId));
  if (error && !loaded && !isMissing(error)) {
    return <ErrorState title="The runs did not load." cause={error} onRetry={retry} className="m-auto" />;
  }
  if (!loaded && !error) return <Loading label="Loading the runs" />;
  const places = compared.flatMap((one, i): ComparedPlace[] => {
    const run = runs.get(one.runId);
    return run ? [{ ...one, key: `${one.runId}-${i}`, run, last: run.stepCount - 1 }] : [];
  });
  const missing = compared.filter(({ runId }) => gone.has(runId)).length;
  const [first, second] = places;
  const steps = places.map(({ runId, step, last }) => ({ id: runId, step: Math.max(0, step ?? last) }));
  return (
    <div className="mx-auto flex w-full max-w-7xl grow flex-col gap-4 p-4">
      <div className="flex flex-wrap items-center gap-2">
        <p className="text-ink-soft text-sm">
          {places.length === 1 ? 'One run; add another.' : `${places.length} runs`}
        </p>
        {missing > 0 && (
          <p className="text-sm text-warn">{missing} of them do not exist any more, or are not yours to see.</p>
        )}
        <span className="ml-auto flex gap-1.5">
          <Button
            size="sm"
            icon={Plus}
            disabled={onAdd === null && `Up to ${MOST_COMPARED} runs.`}
            onClick={() => onAdd?.()}
          >
            Add runs
          </Button>
          <QueryButton query={compareQuery(steps)} />
        </span>
      </div>
      {places.length === 0 && (
        <EmptyState icon={SearchX} title="None of these runs can be shown." className="grow">
          They were deleted, or belong to a workspace that you are not a member of.
        </EmptyState>
      )}
      {places.length === 2 && first && second ? (
        <ComparePair a={first} b={second} onCompared={onCompared} />
      ) : (
        places.length > 0 && (
          <CompareMany places={places} onRemove={(i) => onCompared(compared.filter((_, at) => at !== i))} />
        )
      )}
    </div>
  );
}
