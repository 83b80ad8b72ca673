// What can be done with the selected runs, at the foot of the history.
'use client';
import { Pin, PinOff, SplitSquareHorizontal, Square, Trash2, X } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { count } from '../run/format.ts';
import { hasEnded } from '../run/status.ts';
import { type BulkAction, bulk } from './bulk.ts';
import type { RunCard } from './documents.ts';

/** What a comparison shows at once. */
export const MOST_COMPARED = 16;

export interface BulkBarProps {
  readonly runs: readonly RunCard[];
  readonly can: { readonly run: boolean; readonly edit: boolean };
  readonly onClear: () => void;
  readonly onChanged: (action: BulkAction, done: ReadonlySet<string>) => void;
}

export function BulkBar({ runs, can, onClear, onChanged }: BulkBarProps) {
  const router = useRouter();
  const [working, setWorking] = useState<{ readonly finished: number; readonly of: number } | null>(null);
  const [deleting, setDeleting] = useState(false);
  const active = runs.filter(({ status }) => !hasEnded(status));
  const allPinned = runs.every(({ pinned }) => pinned);
  const mayEdit = can.edit ? undefined : 'You may look here, but not change runs.';
  const start = async (action: BulkAction, chosen: readonly RunCard[]) => {
    setDeleting(false);
    setWorking({ finished: 0, of: chosen.length });
    const ids = chosen.map(({ id }) => id);
    const { done, summary, failure } = await bulk(action, ids, (finished) => setWorking({ finished, of: ids.length }));
    setWorking(null);
    if (failure) toast.error(summary, { description: failure });
    else toast.success(summary);
    onChanged(action, done);
  };
  if (runs.length === 0) return null;
  return (
    <section
      aria-label="Selected runs"
      className="animate-rise -translate-x-1/2 fixed bottom-4 left-1/2 z-20 flex max-w-[calc(100vw-1.5rem)] flex-wrap items-center justify-center gap-1.5 rounded-xl border bg-raised p-2 shadow-float"
    >
      <p role="status" className="tabular px-2 text-sm">
        {working ? `${working.finished} of ${working.of}…` : `${count(runs.length, 'run')} selected`}
      </p>
      <Button
        size="sm"
        look="primary"
        icon={SplitSquareHorizontal}
        disabled={
          runs.length < 2
            ? 'Select another run to compare with.'
            : runs.length > MOST_COMPARED && `Up to ${MOST_COMPARED} runs can be compared.`
        }
        onClick={() => router.push(`/compare?runs=${runs.map(({ id }) => id).join(',')}`)}
      >
        Compare
      </Button>
      <Button
        size="sm"
        icon={allPinned ? PinOff : Pin}
        disabled={mayEdit}
        busy={working !== null}
        onClick={() => void start(allPinned ? 'unpin' : 'pin', runs)}
      >
        {allPinned ? 'Unpin' : 'Pin'}
      </Button>
      <Button
        size="sm"
        icon={Square}
        disabled={
          !can.run ? 'You may look here, but not cancel runs.' : active.length === 0 && 'All of them have ended.'
        }
        busy={working !== null}
        onClick={() => void start('cancel', active)}
      >
        Cancel{active.length > 0 && active.length < runs.length ? ` ${active.length}` : ''}
      </Button>
      <Button
        size="sm"
        look="danger"
        icon={Trash2}
        disabled={mayEdit}
        busy={working !== null}
        onClick={() => setDeleting(true)}
      >
        Delete
      </Button>
      <IconButton icon={X} label="Select nothing" keys="escape" size="sm" onClick={onClear} />
      <Dialog
        open={deleting}
        onOpenChange={setDeleting}
        title={`Delete ${count(runs.length, 'run')}?`}
        description="Their steps, tokens and comments go with them. Forks of them stay."
        actions={
          <>
            <Button onClick={() => setDeleting(false)}>Keep them</Button>
            <Button look="danger" icon={Trash2} onClick={() => void start('delete', runs)}>
              Delete
            </Button>
          </>
        }
      >
        {active.length > 0 && (
          <p className="text-sm">{count(active.length, 'of them is', 'of them are')} not finished yet.</p>
        )}
      </Dialog>
    </section>
  );
}
