// Starts or stops playing.
import type { ViewStore } from '../view/view.ts';

export interface Playhead {
  readonly step: number;
  readonly firstStep: number;
  readonly lastStep: number;
}

export function togglePlay(view: ViewStore, { step, firstStep, lastStep }: Playhead): void {
  const playing = !view.getState().playing;
  // At the end it begins anew.
  view.setState({ playing, step: playing && step >= lastStep ? firstStep : step });
}
