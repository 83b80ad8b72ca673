// The run button's behaviour: start, stop, pause, go on; one at a time, trouble told.
'use client';
import { useState } from 'react';
import { showTrouble } from '../../../gql/problem.ts';
import { useDocument, useDocumentView } from '../document/document-context.tsx';
import { useSession, useWhyNot } from '../session-context.tsx';
import { useShownRun, useTrack, useViewStore } from '../view/view-context.tsx';
import { cancelRun, pauseRun, resumeRun } from './run-actions.ts';
import { isActive, type Status } from './run-status.ts';
import { startSessionRun } from './start-session-run.ts';

export type RunAction = 'start' | 'stop' | 'pause' | 'resume';

export interface RunControl {
  readonly status: Status | null;
  readonly active: boolean;
  readonly busy: RunAction | null;
  /** Why a run cannot be started now. */
  readonly whyNot: string | undefined;
  readonly act: (action: RunAction) => void;
}

const FAILURES: Readonly<Record<RunAction, string>> = {
  start: 'The run could not be started',
  stop: 'The run could not be stopped',
  pause: 'The run could not be paused',
  resume: 'The run could not go on',
};

export function useRunControl(): RunControl {
  const { session } = useSession();
  const document = useDocument();
  const view = useViewStore();
  const run = useShownRun();
  const tracked = useTrack((track) => track?.status ?? null);
  const status = tracked ?? run?.status ?? null;
  const active = status !== null && isActive(status);
  const mayRun = useWhyNot('RUN');
  const missing = useDocumentView(({ prompt, settings }) => whatIsMissing(prompt, settings));
  const [busy, setBusy] = useState<RunAction | null>(null);
  const act = (action: RunAction) => {
    if (busy) return;
    setBusy(action);
    perform(action)
      .catch((cause: unknown) => showTrouble(FAILURES[action], cause))
      .finally(() => setBusy(null));
  };
  const perform = async (action: RunAction) => {
    if (action === 'start') {
      await document.saved();
      await startSessionRun(session.id);
      view.setState({ target: { type: 'newest' }, step: null, playing: false, maskTool: 'off' });
    } else if (run) await { stop: cancelRun, pause: pauseRun, resume: resumeRun }[action](run.id);
  };
  return { status, active, busy, whyNot: mayRun ?? missing, act };
}

function whatIsMissing(
  prompt: string,
  settings: { readonly startFrom: string; readonly seedId: string | null },
): string | undefined {
  if (prompt.trim() === '') return 'Write a prompt first.';
  if (settings.startFrom === 'seed' && settings.seedId === null) return 'Choose a start picture, or start from noise.';
  return undefined;
}
