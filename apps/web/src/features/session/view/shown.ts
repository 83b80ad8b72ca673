// Which step of the run is shown now, and what is known of it.
'use client';
import { stepAt, type TrackStep, type TrackView } from '../../run/run-track.ts';
import { isActive, type Status } from '../runs/run-status.ts';
import { useShownRun, useTrack, useView } from './view-context.tsx';

export interface Shown {
  readonly runId: string | null;
  /** Null while no step of it is here. */
  readonly step: number | null;
  readonly record: TrackStep | null;
  readonly lastStep: number | null;
  readonly firstStep: number;
  readonly status: Status | null;
  /** New pictures are shown as they come. */
  readonly live: boolean;
}

export function useShown(): Shown {
  const run = useShownRun();
  const wanted = useView((state) => state.step);
  const { status, lastStep, firstStep, liveStep, runId } = useFacts();
  const now = status ?? run?.status ?? null;
  const live = wanted === null && now !== null && isActive(now);
  const inRange = wanted === null || lastStep === null ? wanted : Math.min(lastStep, Math.max(firstStep, wanted));
  const step = inRange ?? (live ? liveStep : lastStep);
  // A live picture comes before its numbers are stored: until then the last ones stay.
  const record = useTrack((track) =>
    track && step !== null ? (stepAt(track.steps, step) ?? ((live && track.steps.at(-1)) || null)) : null,
  );
  return { runId, step, record, lastStep, firstStep, status: now, live };
}

function useFacts() {
  const runId = useTrack((track) => track?.runId ?? null);
  const status = useTrack((track) => track?.status ?? null);
  const lastStep = useTrack(lastStepOf);
  const firstStep = useTrack((track) => track?.steps[0]?.step ?? 0);
  // While it runs, the picture leads.
  const liveStep = useTrack((track) => track?.frame?.step ?? lastStepOf(track));
  return { runId, status, lastStep, firstStep, liveStep };
}

function lastStepOf(track: TrackView | null): number | null {
  return track?.steps.at(-1)?.step ?? null;
}
