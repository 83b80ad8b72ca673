// Chooses runs: among those given, or among all of the workspace.
'use client';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { count } from '../run/format.ts';
import { RecentChoices } from './recent-choices.tsx';
import { type PickableRun, RunChoices } from './run-choices.tsx';

export interface RunPickerProps {
  readonly workspaceId: string;
  /** What to choose among instead of all runs of the workspace. */
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
    <>
      <p className="mr-auto self-center text-ink-soft text-sm" aria-live="polite">
        {chosen.length === 0 ? `Choose at least ${least === 1 ? 'one' : 'two'}` : `${chosen.length} chosen`}
      </p>
      {chosen.length > 0 && (
        <Button look="ghost" onClick={() => setChosen([])}>
          Clear
        </Button>
      )}
      <Button
        look="primary"
        disabled={chosen.length < least ? `Choose ${least - chosen.length} more.` : undefined}
        onClick={() => onPick(chosen)}
      >
        {chosen.length === 0 ? 'Compare' : `Compare ${count(chosen.length, 'run')}`}
      </Button>
    </>
  );
  const choices = runs ? (
    <RunChoices runs={runs} chosen={chosen} onToggle={toggle} />
  ) : (
    <RecentChoices workspaceId={workspaceId} chosen={chosen} onToggle={toggle} />
  );
  if (!onClose) {
    return (
      <div className="flex flex-col gap-4">
        {choices}
        <div className="sticky bottom-3 z-10 flex gap-2 rounded-xl border bg-raised py-2 pr-2 pl-4 shadow-float">
          {done}
        </div>
      </div>
    );
  }
  return (
    <Dialog open onOpenChange={onClose} title={title} actions={done} className="!max-w-2xl">
      {choices}
    </Dialog>
  );
}
