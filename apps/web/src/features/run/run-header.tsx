// The head of a run's page: what it is, how it stands, what can be done with it.
'use client';
import { Ellipsis, GitFork, Pencil, Pin, PinOff, SplitSquareHorizontal, Sprout, Square, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { useRegisterCommands } from '../../shell/commands.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import { DeleteRunDialog } from './delete-run-dialog.tsx';
import type { RunDetails } from './documents.ts';
import { ExportMenu } from './export-menu.tsx';
import { formatAgo } from './format.ts';
import { RenameDialog } from './rename-dialog.tsx';
import { cancelRun, forkRun, keepAsSeed, pinRun, renameRun } from './run-actions.ts';
import { runTitle } from './run-title.ts';
import { hasEnded, type RunStatus } from './status.ts';
import { StatusPill } from './status-pill.tsx';
import { abilities } from './use-workspace.ts';

export interface RunHeaderProps {
  readonly run: RunDetails;
  readonly status: RunStatus;
  readonly step: number | null;
  readonly stepCount: number;
  readonly refresh: () => void;
}

export function RunHeader({ run, status, step, stepCount, refresh }: RunHeaderProps) {
  const router = useRouter();
  const [renaming, setRenaming] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const can = abilities(run.session?.rights ?? run.workspace.rights);
  const mayRun = can.run ? undefined : 'You may look here, but not start runs.';
  const mayEdit = can.edit ? undefined : 'You may look here, but not change runs.';
  const noStep = step === null ? 'The run has no step yet.' : undefined;
  const after = async (work: Promise<boolean>) => {
    if (await work) refresh();
  };
  const fork = async () => {
    const id = step === null ? null : await forkRun(run.id, step);
    if (id) router.push(`/runs/${id}`);
  };
  const seed = async () => {
    if (step === null) return;
    const name = await keepAsSeed(run.workspace.id, run.id, step, `${runTitle(run)}, step ${step}`);
    if (name) toast.success('Kept as a seed', { description: name });
  };
  const pin = () => void after(pinRun(run.id, !run.pinned));
  const compare = () => router.push(`/compare?runs=${run.id}${step === null ? '' : `@${step}`},${run.id}`);
  const items: MenuItem[][] = [
    [
      { id: 'rename', label: 'Rename', icon: Pencil, disabled: mayEdit, onSelect: () => setRenaming(true) },
      {
        id: 'seed',
        label: 'Keep this step as a seed',
        icon: Sprout,
        disabled: mayEdit ?? noStep,
        onSelect: () => void seed(),
      },
      {
        id: 'compare',
        label: 'Compare two steps of it',
        icon: SplitSquareHorizontal,
        disabled: noStep,
        onSelect: compare,
      },
    ],
    [
      {
        id: 'delete',
        label: 'Delete',
        icon: Trash2,
        danger: true,
        disabled: mayEdit,
        onSelect: () => setDeleting(true),
      },
    ],
  ];
  useRegisterCommands([
    { id: 'run.fork', title: 'Fork this run at the shown step', group: 'Run', icon: GitFork, run: () => void fork() },
    { id: 'run.pin', title: run.pinned ? 'Unpin this run' : 'Pin this run', group: 'Run', icon: Pin, run: pin },
    { id: 'run.seed', title: 'Keep the shown step as a seed', group: 'Run', icon: Sprout, run: () => void seed() },
  ]);
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <div className="min-w-0 grow basis-72">
        <h1 className="flex items-center gap-2 font-semibold text-base">
          <span className="truncate" title={runTitle(run)}>
            {runTitle(run)}
          </span>
          <StatusPill status={status} />
        </h1>
        <p className="truncate text-ink-soft text-xs">
          {run.user?.name ?? 'Somebody who left'}, {formatAgo(run.createdAt, Date.now())}
          {run.session && (
            <>
              {' in '}
              <Link href={`/s/${run.session.id}`} className="underline underline-offset-2 hover:text-ink">
                {run.session.name}
              </Link>
            </>
          )}
          {run.sweep && (
            <>
              {', part of '}
              <Link href={`/sweeps/${run.sweep.id}`} className="underline underline-offset-2 hover:text-ink">
                {run.sweep.name}
              </Link>
            </>
          )}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-1.5">
        {!hasEnded(status) && (
          <Button
            size="sm"
            look="danger"
            icon={Square}
            disabled={mayRun}
            busy={run.cancelRequested}
            onClick={() => void after(cancelRun(run.id))}
          >
            Cancel
          </Button>
        )}
        <IconButton
          icon={run.pinned ? PinOff : Pin}
          label={run.pinned ? 'Unpin' : 'Pin: keep all of its steps'}
          pressed={run.pinned}
          disabled={mayEdit}
          onClick={pin}
        />
        <Button
          size="sm"
          icon={GitFork}
          disabled={mayRun ?? noStep}
          hint="A new run that goes on from the shown step"
          onClick={() => void fork()}
        >
          Fork at {step ?? '–'}
        </Button>
        <ExportMenu runId={run.id} step={step ?? undefined} stepCount={stepCount} />
        <Menu groups={items} trigger={<IconButton icon={Ellipsis} label="More" />} />
      </div>
      {renaming && (
        <RenameDialog run={run} close={() => setRenaming(false)} save={(name) => after(renameRun(run.id, name))} />
      )}
      {deleting && <DeleteRunDialog run={run} close={() => setDeleting(false)} />}
    </header>
  );
}
