// Asks before a run is deleted for good.
'use client';
import { Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import type { RunDetails } from './documents.ts';
import { deleteRun } from './run-actions.ts';
import { runTitle } from './run-title.ts';

export function DeleteRunDialog({ run, close }: { readonly run: RunDetails; readonly close: () => void }) {
  const router = useRouter();
  const remove = async () => {
    if (await deleteRun(run.id)) router.push('/history');
  };
  return (
    <Dialog
      open
      onOpenChange={close}
      title="Delete this run?"
      description="Its steps, tokens and comments go with it. Forks of it stay."
      actions={
        <>
          <Button onClick={close}>Keep it</Button>
          <Button look="danger" icon={Trash2} onClick={() => void remove()}>
            Delete
          </Button>
        </>
      }
    >
      <p className="text-sm">{runTitle(run)}</p>
    </Dialog>
  );
}
