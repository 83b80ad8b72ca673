// The loss of the shown run step by step, the meter's score beside it, and a mark at the shown step.
'use client';
import { TriangleAlert } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import { useTheme } from '../../../theme/theme.ts';
import { useShown } from '../view/shown.ts';
import { useTrack, useViewStore } from '../view/view-context.tsx';
import { isParting } from './parting.ts';

const HEIGHT = 150;

export function LossChart() {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const shown = useRef<number | null>(null);
  const view = useViewStore();
  const dark = useTheme((state) => state.dark);
  const version = useTrack((track) => track?.version ?? 0);
  const steps = useTrack((track) => track?.steps ?? null);
  const { step, record } = useShown();
  shown.current = step;

  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read anew with the theme
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const made = new uPlot(optionsFor(element, shown), [[], [], []], element);
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    const onClick = () => {
      const at = made.posToVal(made.cursor.left ?? -1, 'x');
      if (Number.isFinite(at) && (made.cursor.left ?? -1) >= 0) view.setState({ step: Math.round(at), playing: false });
    };
    made.over.addEventListener('click', onClick);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [dark, view]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: steps grow in place, the version tells
  useEffect(() => {
    const list = steps ?? [];
    chart.current?.setData([list.map((one) => one.step), list.map(({ loss }) => loss), list.map(({ score }) => score)]);
  }, [steps, version, dark]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the mark is drawn where the shown step is
  useEffect(() => {
    // Axes are there once there is data.
    if ((chart.current?.data[0]?.length ?? 0) > 0) chart.current?.redraw(false, true);
  }, [step]);

  return (
    <figure className="grid gap-1">
      <figcaption className="tabular flex items-baseline justify-between text-2xs text-ink-soft">
        <span>
          <span className="mr-1 inline-block h-0.5 w-3 bg-accent align-middle" />
          loss <b className="font-medium text-ink">{record?.loss?.toFixed(4) ?? '–'}</b>
        </span>
        <ScoreNow />
      </figcaption>
      <div ref={host} role="img" aria-label="Loss and score by step" style={{ height: HEIGHT }} className="-mx-1" />
      <Terms />
      <PartingNote />
    </figure>
  );
}

/** The last reading at or before the shown step. */
function ScoreNow() {
  const { step } = useShown();
  const score = useTrack(
    (track) => track?.steps.findLast((one) => one.score !== null && one.step <= (step ?? 0))?.score,
  );
  return (
    <span>
      <span className="mr-1 inline-block h-0.5 w-3 bg-warn align-middle" />
      meter <b className="font-medium text-ink">{score?.toFixed(4) ?? 'off'}</b>
    </span>
  );
}

function Terms() {
  const { record } = useShown();
  if (!record || record.terms.length < 2) return null;
  return (
    <ul aria-label="Loss by objective" className="tabular grid gap-0.5 text-2xs text-ink-soft">
      {record.terms.map(({ kind, loss, weight }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an objective is its place
        <li key={i} className="flex justify-between">
          <span>
            {kind} × {weight}
          </span>
          <span>{loss?.toFixed(4) ?? '–'}</span>
        </li>
      ))}
    </ul>
  );
}

function PartingNote() {
  const steps = useTrack((track) => track?.steps ?? null);
  const version = useTrack((track) => track?.version ?? 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: steps grow in place, the version tells
  const parting = useMemo(() => isParting(steps ?? []), [steps, version]);
  if (!parting) return null;
  return (
    <p role="status" className="flex gap-1.5 rounded-md bg-warn-soft px-2 py-1.5 text-warn text-xs">
      <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      The objective still improves, the independent score falls: the picture may be fooling the objective. An earlier
      step may be the better picture.
    </p>
  );
}

function optionsFor(element: HTMLElement, shown: { readonly current: number | null }): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: colour('ink-faint'),
    font: '10px sans-serif',
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { points: { show: false }, drag: { x: false, y: false }, y: false },
    scales: { x: { time: false }, score: {} },
    series: [
      {},
      { label: 'loss', stroke: colour('accent'), width: 1.5, points: { show: false } },
      { label: 'meter', scale: 'score', stroke: colour('warn'), width: 1.5, spanGaps: true, points: { show: false } },
    ],
    axes: [
      { ...axis, size: 22 },
      { ...axis, size: 40 },
      { ...axis, scale: 'score', side: 1, size: 40, grid: { show: false } },
    ],
    hooks: { draw: [(plot) => drawMark(plot, shown.current, colour('ink-faint'))] },
  };
}

function drawMark(plot: uPlot, step: number | null, colour: string): void {
  if (step === null || (plot.data[0]?.length ?? 0) === 0) return;
  const x = Math.round(plot.valToPos(step, 'x', true));
  const { top, height } = plot.bbox;
  plot.ctx.save();
  plot.ctx.strokeStyle = colour;
  plot.ctx.setLineDash([3, 3]);
  plot.ctx.beginPath();
  plot.ctx.moveTo(x, top);
  plot.ctx.lineTo(x, top + height);
  plot.ctx.stroke();
  plot.ctx.restore();
}
