// The left panel: what the session is to make, from the prompt down to the last parameter, and the button that makes it.
'use client';
import dynamic from 'next/dynamic';
import { useDocumentView } from '../document/document-context.tsx';
import { PocketNote } from '../first-minute/pocket-note.tsx';
import { nothing } from '../nothing.ts';
import { RunBar } from '../runs/run-bar.tsx';
import { SteerOffer } from '../runs/steer-offer.tsx';
import { useWhyNot } from '../session-context.tsx';
import { DeadKnobs } from './dead-knobs.tsx';
import { ObjectivesSection } from './objectives-section.tsx';
import { ParametersSection } from './parameters-section.tsx';
import { PresetPicker } from './preset-picker.tsx';
import { PromptFields } from './prompt-fields.tsx';
import { StartFrom } from './start-from.tsx';

const LocksBeyond = dynamic(() => import('../later.ts').then((module) => module.LocksBeyond), { loading: nothing });

export function ControlPanel() {
  const readOnly = useWhyNot('EDIT');
  const locks = useDocumentView(({ lockedPositions }) => lockedPositions.length > 0);
  return (
    <aside aria-label="Controls" className="flex min-h-0 grow flex-col border-r bg-surface phone:border-r-0">
      <div className="thin-scroll flex min-h-0 grow flex-col gap-5 overflow-y-auto p-4 max-md:overflow-visible">
        {readOnly && (
          <p className="rounded-md bg-sunken px-3 py-2 text-ink-soft text-xs" data-read-only>
            {readOnly}
          </p>
        )}
        <PromptFields />
        <PocketNote />
        <StartFrom />
        <PresetPicker />
        <ObjectivesSection />
        <ParametersSection />
      </div>
      <div className="grid grid-cols-1 gap-3 border-t bg-surface p-4 max-md:sticky max-md:bottom-0 max-md:z-20">
        <SteerOffer />
        {locks && <LocksBeyond />}
        <DeadKnobs />
        <RunBar />
      </div>
    </aside>
  );
}
