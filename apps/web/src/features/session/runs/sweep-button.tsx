// Opens the dialog that runs the session with many values of a setting; its code comes with the first look.
'use client';
import { Grid3x3 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { showTrouble } from '../../../gql/problem.ts';
import { useRegisterCommands } from '../../../shell/commands.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { useDocument } from '../document/document-context.tsx';
import { nothing } from '../nothing.ts';
import { useSession } from '../session-context.tsx';
import { documentPlan } from './document-plan.ts';

const CreateSweepDialog = dynamic(() => import('../later.ts').then((module) => module.CreateSweepDialog), {
  loading: nothing,
});

/** `whyNot`: why nothing can be run now. */
export function SweepButton({ whyNot }: { readonly whyNot: string | undefined }) {
  const { session, studio } = useSession();
  const document = useDocument();
  /** What the session said when the dialog was opened; null: it is closed. */
  const [opened, setOpened] = useState<{ readonly plan: unknown } | null>(null);
  const open = () => {
    try {
      setOpened({ plan: documentPlan(document.view.getState(), studio) });
    } catch (cause) {
      showTrouble('The session cannot be swept as it is.', cause);
    }
  };
  const label = 'Sweep: try many values at once';
  useRegisterCommands([
    {
      id: 'run.sweep',
      title: label,
      group: 'Run',
      icon: Grid3x3,
      keywords: ['grid', 'X/Y'],
      ...(whyNot && { disabled: whyNot }),
      run: open,
    },
  ]);
  return (
    <>
      <IconButton icon={Grid3x3} label={label} disabled={whyNot} onClick={open} className="size-10 border" />
      {opened && (
        <CreateSweepDialog
          workspaceId={session.workspace.id}
          sessionId={session.id}
          plan={opened.plan}
          saved={() => document.saved()}
          open
          onOpenChange={(next) => next || setOpened(null)}
        />
      )}
    </>
  );
}
