// The one thing to do with a model now, as a button that stays where it is: download, cancel, verify, repair.
'use client';
import { Download, type LucideIcon, RotateCw, ShieldCheck, Wrench, X } from 'lucide-react';
import { useState } from 'react';
import { showTrouble } from '../../gql/problem.ts';
import { Button, type ButtonProps } from '../../ui/button.tsx';
import { formatBytes } from '../run/format.ts';
import type { Model } from './documents.ts';
import type { ModelStep } from './task-state.ts';

export interface ModelActionProps {
  readonly model: Model;
  readonly step: ModelStep;
  readonly onTake: (step: ModelStep, model: string) => Promise<void>;
}

interface Face {
  readonly icon: LucideIcon;
  readonly look: NonNullable<ButtonProps['look']>;
  readonly label: string;
  readonly trouble: string;
}

const FACES: Readonly<Record<ModelStep, Face>> = {
  download: { icon: Download, look: 'plain', label: 'Download', trouble: 'The download did not begin.' },
  continue: { icon: Download, look: 'plain', label: 'Continue', trouble: 'The download did not go on.' },
  retry: { icon: RotateCw, look: 'plain', label: 'Try again', trouble: 'The download did not begin.' },
  verify: { icon: ShieldCheck, look: 'ghost', label: 'Verify', trouble: 'The check did not begin.' },
  'retry-verify': { icon: RotateCw, look: 'plain', label: 'Try again', trouble: 'The check did not begin.' },
  repair: { icon: Wrench, look: 'plain', label: 'Repair', trouble: 'The repair did not begin.' },
  cancel: { icon: X, look: 'plain', label: 'Cancel', trouble: 'It could not be stopped.' },
};

export function ModelAction({ model: { id, name, bytes, licence }, step, onTake }: ModelActionProps) {
  const [busy, setBusy] = useState(false);
  const { icon, look, label, trouble } = FACES[step];
  const text = step === 'download' ? `${label} ${formatBytes(bytes)}` : label;
  const take = async () => {
    setBusy(true);
    try {
      await onTake(step, id);
    } catch (cause) {
      showTrouble(trouble, cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      size="sm"
      icon={icon}
      look={look}
      className={look === 'plain' ? 'min-w-36' : undefined}
      busy={busy}
      aria-label={`${text}: ${name}`}
      hint={step === 'download' ? `From the model hub, once. Licence: ${licence}.` : undefined}
      // The second click of a double click would cancel what the first one began.
      onClick={(event) => event.detail <= 1 && void take()}
    >
      {text}
    </Button>
  );
}
