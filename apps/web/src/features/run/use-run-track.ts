// The track of a run as React state.
'use client';
import { useMemo, useSyncExternalStore } from 'react';
import { RunTrack, type TrackState } from './run-track.ts';

/** `frameSize` in px; null asks for no live frames. */
export function useRunTrack(runId: string, frameSize: number | null): TrackState {
  const track = useMemo(() => new RunTrack({ runId, frameSize }), [runId, frameSize]);
  return useSyncExternalStore(track.subscribe, track.state, track.state);
}
