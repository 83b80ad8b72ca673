// Hands to the components: what is looked at, the session's runs, and the run that is followed.
'use client';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { RunTrack, type TrackView } from '../../run/run-track.ts';
import { RunList, type RunListView, type SessionRun } from '../runs/run-list.ts';
import { putFrame } from '../time/frames.ts';
import { createView, type ViewState, type ViewStore } from './view.ts';

interface ViewContextValue {
  readonly view: ViewStore;
  readonly list: RunList;
  readonly track: RunTrack | null;
}

const ViewContext = createContext<ViewContextValue | null>(null);

export interface ViewProviderProps {
  readonly sessionId: string;
  readonly workspaceId: string;
  readonly children: ReactNode;
}

export function ViewProvider({ sessionId, workspaceId, children }: ViewProviderProps) {
  const [view] = useState(createView);
  const [list] = useState(() => new RunList({ sessionId, workspaceId }));
  useEffect(() => {
    list.open();
    return () => list.close();
  }, [list]);
  const target = useStore(view, (state) => state.target);
  const newest = useStore(list.view, ({ runs }) => runs[0]?.id ?? null);
  const runId = target.type === 'run' ? target.runId : target.type === 'newest' ? newest : null;
  const track = useMemo(() => (runId === null ? null : trackOf(runId)), [runId]);
  useEffect(() => {
    track?.open();
    return () => track?.close();
  }, [track]);
  const value = useMemo(() => ({ view, list, track }), [view, list, track]);
  return <ViewContext value={value}>{children}</ViewContext>;
}

function useViewContext(): ViewContextValue {
  const value = useContext(ViewContext);
  if (!value) throw new Error('This part of the page needs a ViewProvider around it.');
  return value;
}

export const useViewStore = (): ViewStore => useViewContext().view;
export const useRunList = (): RunList => useViewContext().list;

export function useView<Part>(select: (state: ViewState) => Part): Part {
  return useStore(useViewContext().view, select);
}

export function useRuns<Part>(select: (view: RunListView) => Part): Part {
  return useStore(useViewContext().list.view, select);
}

const trackOf = (runId: string) =>
  new RunTrack({
    runId,
    frame: { format: 'WEBP' },
    maxFps: 24,
    onFrame: ({ step, src }) => putFrame(runId, step, src),
  });

const NO_TRACK = trackOf('');

/** Part of what is known of the run that is looked at; `select` gets null where none is. */
export function useTrack<Part>(select: (view: TrackView | null) => Part): Part {
  const { track } = useViewContext();
  return useStore((track ?? NO_TRACK).view, (state) => select(track ? state : null));
}

/** The run that is looked at, as the list knows it. */
export function useShownRun(): SessionRun | null {
  const { track } = useViewContext();
  return useRuns(({ runs }) => runs.find(({ id }) => id === track?.runId) ?? null);
}
