// Turns the comparison of the shown step on and off.
'use client';
import { useShown } from '../view/shown.ts';
import { useView, useViewStore } from '../view/view-context.tsx';

export interface Compare {
  readonly comparing: boolean;
  /** Why it cannot be used now. */
  readonly whyNot: string | undefined;
  readonly toggle: () => void;
}

export function useCompare(): Compare {
  const view = useViewStore();
  const comparing = useView((state) => state.against !== null);
  const { runId, step, firstStep } = useShown();
  const toggle = () => {
    if (comparing) view.setState({ against: null });
    // At first with where the run began; another run is chosen there.
    else if (runId !== null) view.setState({ against: { runId, step: firstStep }, maskTool: 'off' });
  };
  return {
    comparing,
    whyNot: comparing || (runId !== null && step !== null) ? undefined : 'There is no step yet.',
    toggle,
  };
}
