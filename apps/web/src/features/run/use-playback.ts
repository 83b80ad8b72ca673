// Plays steps like a film, at a fixed pace; pictures that are late are left out.
'use client';
import { useEffect, useRef, useState } from 'react';

export interface Playback {
  readonly playing: boolean;
  readonly toggle: () => void;
  readonly stop: () => void;
}

/** ms per step: 20 steps a second, and never longer than about 15 s for a whole run. */
function pace(count: number): { readonly every: number; readonly stride: number } {
  return { every: 50, stride: Math.max(1, Math.round(count / 300)) };
}

/** From the first step when the last one is shown. */
export function usePlayback(step: number, first: number, last: number, setStep: (step: number) => void): Playback {
  const [playing, setPlaying] = useState(false);
  const now = useRef({ step, first, last, setStep });
  now.current = { step, first, last, setStep };

  useEffect(() => {
    if (!playing) return;
    const { every, stride } = pace(now.current.last - now.current.first + 1);
    const timer = setInterval(() => {
      const { step: at, last: end, setStep: go } = now.current;
      if (at >= end) setPlaying(false);
      else go(Math.min(end, at + stride));
    }, every);
    return () => clearInterval(timer);
  }, [playing]);

  return {
    playing,
    stop: () => setPlaying(false),
    toggle: () => {
      if (!playing && step >= last) setStep(first);
      setPlaying(!playing);
    },
  };
}
