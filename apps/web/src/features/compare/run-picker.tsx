// Chooses among the newest runs.
'use client';
import Link from 'next/link';
import { useState } from 'react';
import { useQuery } from 'urql';
import { cx } from '../../lib/cx.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { count } from '../run/format.ts';
import { runTitle } from '../run/run-title.ts';
import { Thumb } from '../run/thumb.tsx';
import { Loading } from '../run/workspace-gate.tsx';
import { RecentRunsDocument } from './documents.ts';

export interface PickableRun {
  readonly id: string;
  readonly name: string | null;
  readonly prompts: readonly string[];
  readonly picture: { readonly url: string } | null;
}

export interface RunPickerProps {
  readonly workspaceId: string;
  /** What to choose among instead of the newest of the workspace. */
  readonly runs?: readonly PickableRun[] | undefined;
  readonly title?: string;
  readonly onPick: (ids: readonly string[]) => void;
  readonly least: number;
  readonly most: number;
  /** In a dialog; without it, in the page. */
  readonly onClose?: () => void;
}

export function RunPicker({ workspaceId, runs, title = 'Add runs', onPick, least, most, onClose }: RunPickerProps) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const toggle = (id: string) =>
    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(-most));
  const done = (
    <Button
      look="primary"
      disabled={chosen.length < least ? `Choose ${least - chosen.length} more.` : undefined}
      onClick={() => onPick(chosen)}
    >
      {chosen.length === 0 ? 'Compare' : `Compare ${count(chosen.length, 'run')}`}
    </Button>
  );
  const choices = runs ? (
    <Choices runs={runs} chosen={chosen} onToggle={toggle} />
  ) : (
    <NewestChoices workspaceId={workspaceId} chosen={chosen} onToggle={toggle} />
  );
  if (!onClose) {
    return (
      <div className="flex flex-col gap-4">
        {choices}
        <div className="sticky bottom-3 self-center">{done}</div>
      </div>
    );
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      description="The newest runs; older ones are in the history."
      actions={done}
      className="!max-w-2xl"
    >
      {choices}
    </Dialog>
  );
}

interface ChosenProps {
  readonly chosen: readonly string[];
  readonly onToggle: (id: string) => void;
}

function NewestChoices({ workspaceId, ...chosen }: ChosenProps & { readonly workspaceId: string }) {
  const [{ data, error }, again] = useQuery({ query: RecentRunsDocument, variables: { workspaceId } });
  if (error && !data) {
    const retry = () => again({ requestPolicy: 'network-only' });
    return <ErrorState title="The runs did not load." cause={error} onRetry={retry} />;
  }
  if (!data) return <Loading />;
  return <Choices runs={data.workspace?.runs.nodes ?? []} {...chosen} />;
}

function Choices({ runs, chosen, onToggle }: ChosenProps & { readonly runs: readonly PickableRun[] }) {
  if (runs.length === 0) {
    return (
      <EmptyState title="There are no runs yet.">
        Start some in{' '}
        <Link href="/" className="text-accent underline underline-offset-2">
          the session
        </Link>
        .
      </EmptyState>
    );
  }
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(6.5rem,1fr))] gap-2">
      {runs.map((run) => {
        const on = chosen.includes(run.id);
        return (
          <li key={run.id}>
            <button
              type="button"
              aria-pressed={on}
              onClick={() => onToggle(run.id)}
              className={cx(
                'w-full rounded-lg border p-1 text-left hover:bg-hover',
                on && 'border-accent bg-accent-soft',
              )}
            >
              <Thumb url={run.picture?.url} className="aspect-square w-full rounded-md object-cover" />
              <span className="mt-1 block truncate text-2xs">{runTitle(run)}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
