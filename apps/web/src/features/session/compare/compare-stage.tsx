// The shown step beside, under or minus another step or run, in the place of the picture.
'use client';
import { ArrowUpRight, ImagePlus, Link2, Link2Off, X } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Slider } from '../../../ui/slider.tsx';
import { writeCompared } from '../../compare/address.ts';
import { PairView, PairViewChoice, type PairViewName } from '../../compare/pair-views.tsx';
import { RunPicker } from '../../compare/run-picker.tsx';
import { useComparedRuns } from '../../compare/use-compared-runs.ts';
import { isMissing } from '../../run/is-missing.ts';
import { useSession } from '../session-context.tsx';
import { frameOf } from '../time/frames.ts';
import { useShown } from '../view/shown.ts';
import type { Against } from '../view/view.ts';
import { useRuns, useShownRun, useViewStore } from '../view/view-context.tsx';

/** Side by side is twice as wide as high; the others are squares. Below them stand their captions and controls. */
const WIDTHS: Readonly<Record<PairViewName, string>> = {
  side: 'w-[min(100%,calc(200cqh-6rem))]',
  swipe: 'w-[min(100%,calc(100cqh-4.5rem))]',
  difference: 'w-[min(100%,calc(100cqh-5rem))]',
};

export function CompareStage({ against }: { readonly against: Against }) {
  const store = useViewStore();
  const { session } = useSession();
  const own = useRuns(({ runs }) => runs);
  const shownRun = useShownRun();
  const { runId, step } = useShown();
  const [view, setView] = useState<PairViewName>('side');
  const [picking, setPicking] = useState(false);
  const { runs, gone, loaded, error, retry } = useComparedRuns(
    runId === null ? [against.runId] : [runId, against.runId],
  );
  const close = () => store.setState({ against: null });
  const other = runs.get(against.runId) ?? own.find(({ id }) => id === against.runId);
  if (error && !loaded && !isMissing(error)) {
    return <ErrorState title="The other run did not load." cause={error} onRetry={retry} className="grow" />;
  }
  if (runId === null || step === null) {
    return (
      <EmptyState title="There is no step to compare yet." className="grow">
        Choose a run at the side, or wait for the first step.
      </EmptyState>
    );
  }
  if (gone.has(against.runId)) {
    return (
      <EmptyState title="The other run is not here any more." className="grow">
        It was deleted, or you may not see it. Press V to go back to the picture.
      </EmptyState>
    );
  }
  const last = Math.max(0, (other?.stepCount ?? 1) - 1);
  const otherStep = Math.min(against.step ?? step, last);
  const linked = against.step === null;
  const a = {
    place: { runId, run: shownRun ?? runs.get(runId) ?? NAMELESS },
    step,
    frame: frameOf(runId, step) ?? null,
  };
  const b = {
    place: { runId: against.runId, run: other ?? NAMELESS },
    step: other?.stepCount === 0 ? null : otherStep,
    frame: frameOf(against.runId, otherStep) ?? null,
  };
  const compared = writeCompared([
    { runId, step },
    { runId: against.runId, step: otherStep },
  ]);
  // Of a session that was shared by itself, the workspace's other runs are not to be seen.
  const pickable = session.workspace.rights.length > 0 ? undefined : own;
  return (
    <section aria-label="Compare" className="flex min-h-0 w-full grow flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-1 gap-y-1.5">
        <PairViewChoice view={view} onView={setView} />
        <span className="ml-auto flex">
          <IconButton icon={ImagePlus} label="Compare with another run" onClick={() => setPicking(true)} />
          <IconButton
            icon={linked ? Link2 : Link2Off}
            label={linked ? 'Give B a step of its own' : 'One slider for both'}
            pressed={linked}
            onClick={() => store.setState({ against: { ...against, step: linked ? otherStep : null } })}
          />
          <Link
            href={`/compare?runs=${compared}`}
            prefetch={false}
            aria-label="Tokens and settings that differ"
            title="Tokens and settings that differ"
            className="grid size-8 place-items-center rounded-md text-ink-soft hover:bg-hover hover:text-ink"
          >
            <ArrowUpRight aria-hidden className="size-4" />
          </Link>
          <IconButton icon={X} label="Back to the picture" keys="v" onClick={close} />
        </span>
      </div>
      <div className="@container-size grid min-h-0 grow place-items-center max-md:[container-type:normal]">
        <div className={`${WIDTHS[view]} max-md:w-full`}>
          <PairView view={view} a={a} b={b} />
        </div>
      </div>
      {!linked && (
        <div className="flex items-center gap-3 text-xs">
          <b className="font-medium">B</b>
          <Slider
            label="Step of B"
            max={Math.max(1, last)}
            value={otherStep}
            valueText={`step ${otherStep} of ${last}`}
            onChange={(to) => store.setState({ against: { ...against, step: Math.min(to, last) } })}
          />
          <span className="tabular w-20 text-right text-ink-soft">
            <span className="text-ink">{otherStep}</span> / {last}
          </span>
        </div>
      )}
      {picking && (
        <RunPicker
          workspaceId={session.workspace.id}
          runs={pickable}
          title="Compare with a run"
          least={1}
          most={1}
          onClose={() => setPicking(false)}
          onPick={([picked]) => {
            setPicking(false);
            // Another run is followed at the same step, another step of the same run is not.
            if (picked) store.setState({ against: { runId: picked, step: picked === runId ? 0 : null } });
          }}
        />
      )}
    </section>
  );
}

/** Until it is known. */
const NAMELESS = { name: '…', prompts: [] };
