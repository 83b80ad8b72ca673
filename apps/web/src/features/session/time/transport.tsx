// The scrubber over all steps of the shown run, with play, and where the others look.
'use client';
import {
  ChevronFirst,
  ChevronLast,
  ChevronLeft,
  ChevronRight,
  Columns2,
  GitFork,
  Pause,
  Play,
  Radio,
} from 'lucide-react';
import { Button } from '../../../ui/button.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Slider } from '../../../ui/slider.tsx';
import { ExportMenu } from '../../run/export-menu.tsx';
import { useCompare } from '../compare/use-compare.ts';
import { usePresenceView } from '../presence/presence-context.tsx';
import { isActive } from '../runs/run-status.ts';
import { useFork } from '../runs/use-fork.ts';
import { useWhyNot } from '../session-context.tsx';
import { useShown } from '../view/shown.ts';
import { useShownRun, useTrack, useView, useViewStore } from '../view/view-context.tsx';
import { togglePlay } from './toggle-play.ts';
import { usePlay } from './use-play.ts';
import { useStepKeys } from './use-step-keys.ts';

export function Transport() {
  const view = useViewStore();
  const { runId, step, firstStep, lastStep, status, live } = useShown();
  const run = useShownRun();
  const steps = useTrack((track) => track?.steps.length ?? 0);
  const playing = useView((state) => state.playing);
  const { fork, busy } = useFork();
  const mayRun = useWhyNot('RUN');
  const compare = useCompare();
  usePlay();
  useStepKeys();
  if (runId === null || step === null || lastStep === null) return <NoSteps waiting={runId !== null} />;
  const goTo = (to: number) => view.setState({ step: Math.min(lastStep, Math.max(firstStep, to)), playing: false });
  const active = status !== null && isActive(status);
  // While it runs the slider is as long as the run will be.
  const end = Math.max(firstStep + 1, lastStep, active ? (run?.iterations ?? 0) - 1 : 0);
  return (
    <div data-transport data-steps={steps} data-last-step={lastStep} className="@container">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="flex">
          <IconButton icon={ChevronFirst} label="First step" keys="home" onClick={() => goTo(firstStep)} size="sm" />
          <IconButton icon={ChevronLeft} label="Step back" keys="arrowleft" onClick={() => goTo(step - 1)} size="sm" />
          <IconButton
            icon={playing ? Pause : Play}
            label={playing ? 'Stop playing' : 'Play the run'}
            keys="space"
            size="sm"
            onClick={() => togglePlay(view, { step, firstStep, lastStep })}
          />
          <IconButton icon={ChevronRight} label="Step on" keys="arrowright" onClick={() => goTo(step + 1)} size="sm" />
          <IconButton icon={ChevronLast} label="Last step" keys="end" onClick={() => goTo(lastStep)} size="sm" />
        </span>
        <div className="@xl:order-none relative order-first min-w-32 grow @xl:basis-0 basis-full">
          <Watchers runId={runId} firstStep={firstStep} lastStep={end} />
          <Slider
            label="Step"
            value={step}
            min={firstStep}
            max={end}
            onChange={goTo}
            valueText={`step ${step} of ${lastStep}`}
          />
        </div>
        <output
          className="tabular @xl:mr-0 mr-auto @xl:w-20 @xl:text-right text-ink-soft text-xs"
          aria-label="Shown step"
          data-shown-step={step}
        >
          <span className="text-ink">{step}</span> / {lastStep}
        </output>
        {active && (
          <Button
            size="sm"
            look={live ? 'ghost' : 'plain'}
            icon={Radio}
            aria-pressed={live}
            hint={live ? 'You see new steps as they come' : 'Back to the newest step'}
            keys="l"
            onClick={() => view.setState({ step: live ? step : null, playing: false })}
          >
            Live
          </Button>
        )}
        <Button
          size="sm"
          icon={GitFork}
          busy={busy}
          disabled={mayRun}
          hint="Go on from this step with what the panel says now"
          keys="f"
          onClick={() => fork(runId, step)}
        >
          <span>
            Fork<span className="@max-md:sr-only"> here</span>
          </span>
        </Button>
        <span className="flex">
          <IconButton
            icon={Columns2}
            label={compare.comparing ? 'Back to the picture' : 'Compare with another step or run'}
            keys="v"
            pressed={compare.comparing}
            size="sm"
            onClick={compare.toggle}
          />
          <ExportMenu key={runId} look="icon" runId={runId} step={step} stepCount={lastStep + 1} />
        </span>
      </div>
    </div>
  );
}

function NoSteps({ waiting }: { readonly waiting: boolean }) {
  return (
    <p className="flex h-8 items-center text-ink-faint text-xs">
      {waiting ? 'Waiting for the first step…' : 'The steps of a run appear here; you can go back to any of them.'}
    </p>
  );
}

interface WatchersProps {
  readonly runId: string;
  readonly firstStep: number;
  readonly lastStep: number;
}

/** Marks over the slider where the others look. */
function Watchers({ runId, firstStep, lastStep }: WatchersProps) {
  const people = usePresenceView((state) => state.people);
  const span = Math.max(1, lastStep - firstStep);
  return (
    <div aria-hidden className="pointer-events-none absolute inset-x-[7px] top-0 h-5">
      {people.map(
        ({ clientId, colour, runId: theirs, step }) =>
          theirs === runId &&
          step !== null && (
            <span
              key={clientId}
              className="-translate-x-1/2 -top-0.5 absolute h-1.5 w-1.5 rounded-full transition-[left] duration-200"
              style={{ left: `${((step - firstStep) / span) * 100}%`, backgroundColor: colour }}
            />
          ),
      )}
    </div>
  );
}
