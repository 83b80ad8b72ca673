// Play, one step back, one step forward, and the number of the step to type.
'use client';
import { Pause, Play, SkipBack, SkipForward } from 'lucide-react';
import { useState } from 'react';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { usePlayback } from './use-playback.ts';

export interface TransportProps {
  readonly step: number;
  readonly first: number;
  readonly last: number;
  readonly onStep: (step: number) => void;
}

export function Transport({ step, first, last, onStep }: TransportProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const playback = usePlayback(step, first, last, onStep);
  const go = (to: number) => {
    playback.stop();
    onStep(Math.min(last, Math.max(first, to)));
  };
  useShortcuts([
    { keys: 'space', label: 'Play or pause', group: 'Steps', run: playback.toggle },
    { keys: 'arrowleft', label: 'One step back', group: 'Steps', run: () => go(step - 1) },
    { keys: 'arrowright', label: 'One step forward', group: 'Steps', run: () => go(step + 1) },
    { keys: 'shift+arrowleft', label: 'Ten steps back', group: 'Steps', run: () => go(step - 10) },
    { keys: 'shift+arrowright', label: 'Ten steps forward', group: 'Steps', run: () => go(step + 10) },
    { keys: 'home', label: 'First step', group: 'Steps', run: () => go(first) },
    { keys: 'end', label: 'Last step', group: 'Steps', run: () => go(last) },
  ]);
  const commit = () => {
    const typed = draft === null || draft.trim() === '' ? Number.NaN : Number(draft);
    setDraft(null);
    if (Number.isInteger(typed)) go(typed);
  };
  return (
    <div className="flex items-center gap-1">
      <IconButton icon={SkipBack} label="One step back" keys="arrowleft" size="sm" onClick={() => go(step - 1)} />
      <IconButton
        icon={playback.playing ? Pause : Play}
        label={playback.playing ? 'Pause' : 'Play the steps'}
        keys="space"
        size="sm"
        onClick={playback.toggle}
      />
      <IconButton
        icon={SkipForward}
        label="One step forward"
        keys="arrowright"
        size="sm"
        onClick={() => go(step + 1)}
      />
      <label className="tabular ml-1 flex items-center gap-1.5 text-ink-soft text-xs">
        Step
        <input
          aria-label={`Step, ${first} to ${last}`}
          inputMode="numeric"
          value={draft ?? String(step)}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit();
            if (event.key === 'Escape') setDraft(null);
          }}
          className="h-6 w-14 rounded-md border bg-surface px-1.5 text-right text-ink hover:border-line-strong"
        />
        <span className="whitespace-nowrap text-ink-faint">of {last}</span>
      </label>
    </div>
  );
}
