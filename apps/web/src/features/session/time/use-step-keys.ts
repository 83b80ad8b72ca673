// Keys that move through the steps of the shown run.
'use client';
import { useShortcuts } from '../../../shell/shortcuts.ts';
import { useShown } from '../view/shown.ts';
import { useViewStore } from '../view/view-context.tsx';
import { togglePlay } from './toggle-play.ts';

const GROUP = 'Time';

export function useStepKeys(): void {
  const view = useViewStore();
  const { step, firstStep, lastStep } = useShown();
  const go = (to: number) => {
    if (lastStep !== null) view.setState({ step: Math.min(lastStep, Math.max(firstStep, to)), playing: false });
  };
  const by = (steps: number) => go((step ?? 0) + steps);
  useShortcuts([
    { keys: 'arrowleft', label: 'Step back', group: GROUP, run: () => by(-1) },
    { keys: 'arrowright', label: 'Step on', group: GROUP, run: () => by(1) },
    { keys: 'shift+arrowleft', label: 'Ten steps back', group: GROUP, run: () => by(-10) },
    { keys: 'shift+arrowright', label: 'Ten steps on', group: GROUP, run: () => by(10) },
    { keys: 'home', label: 'First step', group: GROUP, run: () => go(firstStep) },
    { keys: 'end', label: 'Last step', group: GROUP, run: () => lastStep !== null && go(lastStep) },
    { keys: 'l', label: 'Newest step, live', group: GROUP, run: () => view.setState({ step: null, playing: false }) },
    {
      keys: 'space',
      label: 'Play or stop',
      group: GROUP,
      run: () => {
        if (step !== null && lastStep !== null) togglePlay(view, { step, firstStep, lastStep });
      },
    },
  ]);
}
