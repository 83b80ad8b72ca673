// The track of a run as React state, followed while somebody looks.
'use client';
import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { RunTrack, type TrackView } from './run-track.ts';

const MAX_FPS = 12;

/** `frameSize` in px; null asks for no live frames. */
export function useRunTrack(runId: string, frameSize: number | null): TrackView {
  const track = useMemo(
    () => new RunTrack({ runId, frame: frameSize === null ? null : { size: frameSize }, maxFps: MAX_FPS }),
    [runId, frameSize],
  );
  useEffect(() => {
    track.open();
    return () => track.close();
  }, [track]);
  return useStore(track.view);
}
