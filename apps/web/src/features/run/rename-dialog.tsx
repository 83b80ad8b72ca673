// Gives a run a name of its own.
'use client';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextInput } from '../../ui/field.tsx';
import type { RunDetails } from './documents.ts';

export interface RenameDialogProps {
  readonly run: RunDetails;
  readonly close: () => void;
  readonly save: (name: string) => Promise<void>;
}

export function RenameDialog({ run, close, save }: RenameDialogProps) {
  const [name, setName] = useState(run.name ?? '');
  const submit = async () => {
    await save(name.trim());
    close();
  };
  return (
    <Dialog
      open
      onOpenChange={close}
      title="Rename this run"
      actions={
        <Button look="primary" onClick={() => void submit()}>
          Save
        </Button>
      }
    >
      <TextInput
        aria-label="Name"
        value={name}
        maxLength={200}
        placeholder={run.prompts.join(' · ')}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') void submit();
        }}
      />
    </Dialog>
  );
}
