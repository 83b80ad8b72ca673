// Plays a run from the shown step on, decoding ahead in batches.
'use client';
import { useEffect } from 'react';
import { showTrouble } from '../../../gql/problem.ts';
import { useShown } from '../view/shown.ts';
import { useView, useViewStore } from '../view/view-context.tsx';
import { fetchFrames, frameOf } from './frames.ts';

/** Steps shown a second, if they are decoded in time. */
const FPS = 12;
/** Steps decoded at once, and how many before the end of them the next are asked for. */
const BATCH = 12;
const AHEAD = 8;

export function usePlay(): void {
  const view = useViewStore();
  const playing = useView((state) => state.playing);
  const { runId, lastStep } = useShown();
  useEffect(() => {
    if (!playing || runId === null || lastStep === null) return;
    let fetching = false;
    const fetchFrom = (from: number) => {
      if (fetching || from > lastStep) return;
      fetching = true;
      fetchFrames(runId, from, Math.min(lastStep, from + BATCH - 1), 1)
        .catch((cause: unknown) => {
          view.setState({ playing: false });
          showTrouble('The steps could not be decoded', cause);
        })
        .finally(() => {
          fetching = false;
        });
    };
    const timer = setInterval(() => {
      const { step } = view.getState();
      const now = step ?? lastStep;
      if (now >= lastStep) return view.setState({ playing: false });
      const missing = firstMissing(runId, now + 1, Math.min(lastStep, now + AHEAD));
      if (missing !== null) fetchFrom(missing);
      // Waits for a picture rather than leaving one out.
      if (frameOf(runId, now + 1)) view.setState({ step: now + 1 });
    }, 1_000 / FPS);
    return () => clearInterval(timer);
  }, [playing, runId, lastStep, view]);
}

function firstMissing(runId: string, from: number, to: number): number | null {
  for (let step = from; step <= to; step += 1) if (!frameOf(runId, step)) return step;
  return null;
}
