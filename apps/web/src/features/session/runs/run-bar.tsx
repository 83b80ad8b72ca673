// The one obvious button, and what the run is doing.
'use client';
import { CircleStop, Info, Pause, Play } from 'lucide-react';
import { troubleOf } from '../../../gql/problem.ts';
import { useShortcuts } from '../../../shell/shortcuts.ts';
import { Button } from '../../../ui/button.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { useSession, useWhyNot } from '../session-context.tsx';
import { useRuns, useShownRun, useTrack } from '../view/view-context.tsx';
import { STATUS_WORDS } from './run-status.ts';
import { SweepButton } from './sweep-button.tsx';
import { type RunControl, useRunControl } from './use-run-control.ts';

export function RunBar() {
  const control = useRunControl();
  const { status, active, busy, whyNot, act } = control;
  const mayRun = useWhyNot('RUN');
  const start = () => !whyNot && act('start');
  useShortcuts([
    { keys: 'mod+enter', label: 'Run', group: 'Run', inFields: true, run: start },
    { keys: 'mod+.', label: 'Stop the run', group: 'Run', inFields: true, run: () => active && !mayRun && act('stop') },
    {
      keys: 'p',
      label: 'Pause or go on',
      group: 'Run',
      run: () => active && !mayRun && act(status === 'PAUSED' ? 'resume' : 'pause'),
    },
  ]);
  return (
    <div className="grid gap-2">
      <div className="flex gap-2">
        <Button
          look="primary"
          size="lg"
          icon={Play}
          busy={busy === 'start'}
          disabled={whyNot}
          hint={active ? 'Starts another run beside this one' : 'Runs what this panel says'}
          keys="mod+enter"
          onClick={start}
          className="grow"
        >
          Run
        </Button>
        <SweepButton whyNot={whyNot} />
        {active && (
          <>
            <IconButton
              icon={status === 'PAUSED' ? Play : Pause}
              label={status === 'PAUSED' ? 'Go on' : 'Pause'}
              keys="p"
              disabled={mayRun}
              onClick={() => act(status === 'PAUSED' ? 'resume' : 'pause')}
              className="size-10 border"
            />
            <IconButton
              icon={CircleStop}
              label="Stop; what is there stays"
              keys="mod+."
              disabled={mayRun}
              onClick={() => act('stop')}
              className="size-10 border"
            />
          </>
        )}
      </div>
      <RunState control={control} />
    </div>
  );
}

/** One line: always there, so that nothing moves when a run starts. */
function RunState({ control: { status } }: { readonly control: RunControl }) {
  const run = useShownRun();
  const nothing = useRuns(({ runs }) => (runs.length > 0 ? 'The start picture is shown' : 'Nothing has run yet'));
  const pace = useTrack((track) => track?.stepsPerSecond ?? null);
  const done = useTrack((track) => track?.steps.length ?? 0);
  const error = useTrack((track) => track?.error ?? null) ?? run?.error ?? null;
  const trouble = useTrack((track) => track?.trouble ?? null);
  const total = run?.iterations ?? 0;
  const idle = useRuns((view) => view.idle);
  const { noWorker } = useSession();
  return (
    <div className="grid gap-1">
      <div
        role="progressbar"
        aria-label="Steps of the run"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
        className="h-0.5 overflow-hidden rounded-full bg-line"
      >
        <div
          className="h-full origin-left bg-accent"
          style={{ transform: `scaleX(${total > 0 ? Math.min(1, done / total) : 0})` }}
        />
      </div>
      <p
        className="tabular flex min-h-4 justify-between gap-2 text-2xs text-ink-soft"
        data-run-status={status ?? 'NONE'}
      >
        <span className={status === 'FAILED' || status === 'DIVERGED' ? 'text-danger' : ''}>
          {status === null ? nothing : sentence(status, run?.queuePosition?.ahead ?? null, error?.message)}
        </span>
        <span>{status === 'RUNNING' && pace !== null ? `${pace.toFixed(1)} steps/s` : ''}</span>
      </p>
      {(idle || noWorker) && (
        <p role="status" className="flex gap-1.5 text-warn text-xs">
          <Info aria-hidden className="mt-0.5 size-3.5 shrink-0" />
          No machine computes just now: runs start once a worker is connected.
        </p>
      )}
      {trouble !== null && (
        <p role="alert" className="text-danger text-xs">
          The run cannot be followed: {troubleOf(trouble).message}
        </p>
      )}
    </div>
  );
}

function sentence(status: keyof typeof STATUS_WORDS, ahead: number | null, message: string | undefined): string {
  if (status === 'QUEUED') {
    return ahead === null || ahead === 0
      ? 'Next in the queue'
      : `Waiting: ${ahead} ${ahead === 1 ? 'run' : 'runs'} ahead`;
  }
  if (status === 'FAILED') return message ?? 'The run failed';
  const word = STATUS_WORDS[status];
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
