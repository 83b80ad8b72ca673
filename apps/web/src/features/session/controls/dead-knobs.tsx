// Settings that do nothing as they stand, in the engine's words.
'use client';
import { Info } from 'lucide-react';
import { useDeadKnobs } from './use-dead-knobs.ts';

export function DeadKnobs() {
  const { knobs, problem } = useDeadKnobs();
  if (knobs.length === 0 && !problem) return null;
  return (
    <ul aria-label="Notes on the settings" className="grid gap-1">
      {[...(problem ? [problem] : []), ...knobs].map((text) => (
        <li key={text} className="flex gap-1.5 text-warn text-xs">
          <Info aria-hidden className="mt-0.5 size-3.5 shrink-0" />
          {text}
        </li>
      ))}
    </ul>
  );
}
