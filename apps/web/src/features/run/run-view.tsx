// A run as it is shown: picture and token statistics, one time axis below, the panels beside.
'use client';
import { SquareDashedMousePointer } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { troubleOf } from '../../gql/problem.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import type { RunDetails } from './documents.ts';
import { indexOfStep } from './heat.ts';
import { HeatMap } from './heat-map.tsx';
import { LossPlot } from './loss-plot.tsx';
import { marksOf } from './marks.ts';
import { RegionLayer } from './region-layer.tsx';
import { RunHeader } from './run-header.tsx';
import { RunNotice } from './run-notice.tsx';
import { RunPanels } from './run-panels.tsx';
import { runTitle } from './run-title.ts';
import { hasEnded } from './status.ts';
import { StepFigures } from './step-figures.tsx';
import { StepImage } from './step-image.tsx';
import { Timeline } from './timeline.tsx';
import { TokenBars } from './token-bars.tsx';
import { positionStatistics } from './token-statistics.ts';
import { Transport } from './transport.tsx';
import { type CommentPlace, useComments } from './use-comments.ts';
import { useRunTrack } from './use-run-track.ts';
import { useStepInAddress } from './use-step-in-address.ts';
import { abilities } from './use-workspace.ts';

/** px of the labels left of the time axis. */
const GUTTER = 44;
const PICTURE = 384;

export interface RunViewProps {
  readonly run: RunDetails;
  readonly initialStep: number | null;
  readonly refresh: () => void;
}

export function RunView({ run, initialStep, refresh }: RunViewProps) {
  const endedBefore = useRef(hasEnded(run.status)).current;
  const track = useRunTrack(run.id, endedBefore ? null : 256);
  const status = track.status ?? run.status;
  const last = Math.max(run.stepCount, (track.steps.at(-1)?.step ?? -1) + 1) - 1;
  /** Null follows the newest step. */
  const [wanted, setWanted] = useState<number | null>(initialStep);
  const step = last < 0 ? null : Math.min(wanted ?? last, last);
  const [position, setPosition] = useState<number | null>(null);
  const [region, setRegion] = useState<CommentPlace['region']>(null);
  const [drawing, setDrawing] = useState(false);
  /** The step of a comment that is being written; undefined follows the shown step, null pins it to none. */
  const [pinned, setPinned] = useState<number | null>();
  const comments = useComments(run.workspace.id, run.id, run.session?.id ?? null);
  const can = abilities(run.session?.rights ?? run.workspace.rights);
  useStepInAddress(wanted);
  useRefreshAtStatus(track.status, refresh);

  const go = (to: number) => {
    setPinned(undefined);
    setWanted(to >= last && !hasEnded(status) ? null : to);
  };
  const show = (place: CommentPlace) => {
    if (place.step !== null) setWanted(place.step);
    setPosition(place.position);
    setRegion(place.region);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: steps grow in place, the version tells
  const { history, tokens, statistics } = useMemo(() => {
    const steps = track.steps.map((row) => row.step);
    const changed = track.steps.map((row) => row.changed);
    const rows = track.steps.map((row) => row.tokens);
    return {
      history: { positions: run.positions, steps, changed },
      tokens: rows,
      statistics: positionStatistics(run.positions, steps, rows, changed),
    };
  }, [track.steps, track.version, run.positions]);
  const at = step === null ? -1 : indexOfStep(history.steps, step);
  const row = track.steps[at];
  const end = hasEnded(status) ? Math.max(last, 0) : Math.max(last, run.iterations - 1, 0);
  const following = wanted === null && !hasEnded(status);
  const frame = following ? (track.frame?.src ?? null) : null;

  return (
    <div className="mx-auto grid w-full max-w-7xl grow gap-6 p-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="flex min-w-0 flex-col gap-4">
        <RunHeader run={run} status={status} step={step} stepCount={last + 1} refresh={refresh} />
        <RunNotice
          run={run}
          status={status}
          error={track.error ?? run.error}
          problem={track.trouble === null ? null : troubleOf(track.trouble).message}
          missing={track.gaps.reduce((sum, { from, to }) => sum + to - from + 1, 0)}
        />
        <div className="grid gap-5 md:grid-cols-[minmax(0,26rem)_minmax(0,1fr)]">
          <div className="min-w-0">
            <StepImage
              runId={run.id}
              step={step}
              size={PICTURE}
              frame={frame}
              alt={step === null ? 'No picture yet' : `${runTitle(run)}, after step ${step}`}
              className="rounded-xl border"
            >
              <RegionLayer
                shown={comments.comments
                  .filter(
                    (comment) =>
                      comment.region && !comment.resolvedAt && (comment.step === null || comment.step === step),
                  )
                  .map(({ id, region: box, body }) => ({ id, box: box!, label: body }))}
                draft={region}
                onDraw={drawing ? setRegion : null}
              />
            </StepImage>
            <div className="mt-2 flex items-center justify-between gap-2">
              <Transport step={step ?? 0} first={0} last={Math.max(last, 0)} onStep={go} />
              {can.comment && (
                <IconButton
                  icon={SquareDashedMousePointer}
                  label={drawing ? 'Stop drawing regions' : 'Draw a region to comment on'}
                  pressed={drawing}
                  size="sm"
                  onClick={() => setDrawing(!drawing)}
                />
              )}
            </div>
          </div>
          <section aria-label="Tokens" className="flex min-w-0 flex-col justify-end">
            <StepFigures loss={row?.loss} score={row?.score} changed={row?.changed.length} positions={run.positions} />
            <TokenBars
              statistics={statistics}
              tokens={row?.tokens ?? null}
              changed={row?.changed ?? []}
              position={position}
              onPosition={setPosition}
            />
          </section>
        </div>
        <section aria-label="Over the steps" className="flex min-w-0 flex-col gap-2 rounded-xl border bg-surface p-3">
          <LossPlot
            rows={track.steps}
            version={track.version}
            last={end}
            step={step ?? 0}
            onStep={go}
            gutter={GUTTER}
          />
          <Timeline
            step={step ?? 0}
            last={Math.max(last, 0)}
            end={end}
            marks={marksOf(run, comments.comments)}
            onStep={go}
            gutter={GUTTER}
          />
          <HeatMap
            history={history}
            tokens={tokens}
            last={end}
            step={step ?? 0}
            position={position}
            gutter={GUTTER}
            onPick={(to, picked) => {
              go(Math.min(to, Math.max(last, 0)));
              setPosition(picked);
            }}
          />
        </section>
      </div>
      <RunPanels
        run={run}
        lastStep={Math.max(last, 0)}
        comments={comments}
        canComment={can.comment}
        place={{ step: pinned === undefined ? step : pinned, position, region }}
        newest={{
          loss: track.steps.at(-1)?.loss ?? null,
          score: track.steps.findLast(({ score }) => score !== null)?.score ?? null,
        }}
        onSent={() => {
          setPinned(undefined);
          setPosition(null);
          setRegion(null);
        }}
        onPlace={(place) => {
          setPinned(place.step);
          setPosition(place.position);
          setRegion(place.region);
          setDrawing(false);
        }}
        onShow={show}
      />
    </div>
  );
}

function useRefreshAtStatus(status: string | null, refresh: () => void): void {
  const latest = useRef(refresh);
  latest.current = refresh;
  useEffect(() => {
    if (status !== null) latest.current();
  }, [status]);
}
