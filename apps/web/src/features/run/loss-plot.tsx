// Loss, its terms and the independent score over the steps. A click shows that step.
'use client';
import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import { formatNumber } from './format.ts';
import { indexOfStep } from './heat.ts';
import { lossSeries, type PlotSeries } from './loss-series.ts';
import type { TrackStep } from './run-track.ts';
import { onThemeChange, themeColour } from './theme-colour.ts';
import { useElementWidth } from './use-element-width.ts';

export interface LossPlotProps {
  /** One list, which grows in place. */
  readonly rows: readonly TrackStep[];
  /** Rises whenever `rows` has grown. */
  readonly version: number;
  /** Last step of the time axis, which other views share. */
  readonly last: number;
  readonly step: number;
  readonly onStep: (step: number) => void;
  /** Width of the axis labels, px: the plot area lines up with the views below. */
  readonly gutter: number;
}

const HEIGHT = 132;

export function LossPlot({ rows, version, last, step, onStep, gutter }: LossPlotProps) {
  const [host, width] = useElementWidth<HTMLDivElement>();
  const plot = useRef<uPlot | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version tells of new rows
  const { steps, series } = useMemo(() => lossSeries(rows), [rows, version]);
  const names = series.map(({ name }) => name).join('|');
  const latest = useRef({ steps, series, step, onStep, last });
  latest.current = { steps, series, step, onStep, last };

  useEffect(() => {
    const node = host.current;
    if (!node || width === 0) return;
    const build = () => {
      plot.current?.destroy();
      plot.current = make(node, width, gutter, names ? latest.current.series : [], latest);
    };
    build();
    const stop = onThemeChange(build);
    return () => {
      stop();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [host, width, gutter, names]);

  useEffect(() => {
    plot.current?.setData([[...steps], ...series.map(({ values }) => [...values])]);
  }, [steps, series]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the marker is drawn at the step
  useEffect(() => plot.current?.redraw(false, false), [step, last]);

  const at = indexOfStep(steps, step);
  return (
    <figure aria-label="Loss over the steps" className="min-w-0">
      <div ref={host} style={{ height: HEIGHT }} className="min-w-0 overflow-hidden" />
      <figcaption
        className="tabular mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-2xs text-ink-soft"
        style={{ paddingLeft: gutter }}
      >
        {series.map(({ name, colour, values }) => (
          <span key={name} className="flex items-center gap-1.5">
            <span aria-hidden className="h-0.5 w-3 rounded" style={{ background: `var(${colour})` }} />
            {name}
            <span className="text-ink">{formatNumber(at < 0 ? null : values[at])}</span>
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

interface Latest {
  readonly current: {
    readonly steps: readonly number[];
    readonly series: readonly PlotSeries[];
    readonly step: number;
    readonly last: number;
    readonly onStep: (step: number) => void;
  };
}

function make(
  node: HTMLDivElement,
  width: number,
  gutter: number,
  series: readonly PlotSeries[],
  latest: Latest,
): uPlot {
  const grid = { stroke: themeColour('--line'), width: 1 };
  const axis = {
    stroke: themeColour('--ink-faint'),
    grid,
    ticks: { show: false },
    font: '11px var(--font-geist-sans), sans-serif',
  };
  const plot = new uPlot(
    {
      width,
      height: HEIGHT,
      padding: [8, 7, 6, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      scales: {
        x: { time: false, range: () => [-0.5, Math.max(1, latest.current.last) + 0.5] },
        y: {},
        score: {},
        regularisation: {},
      },
      axes: [
        { ...axis, show: false },
        { ...axis, size: gutter, values: (_, ticks) => ticks.map((value) => formatNumber(value, 3)) },
        { ...axis, scale: 'score', show: false },
        { ...axis, scale: 'regularisation', show: false },
      ],
      series: [
        {},
        ...series.map(({ name, colour, scale, dash }) => ({
          label: name,
          scale,
          stroke: themeColour(colour),
          width: 1.5,
          spanGaps: true,
          points: { show: false },
          ...(dash && { dash: [...dash] }),
        })),
      ],
      hooks: {
        draw: [
          (u) => {
            const x = Math.round(u.valToPos(latest.current.step, 'x', true)) + 0.5;
            u.ctx.save();
            u.ctx.strokeStyle = themeColour('--accent');
            u.ctx.lineWidth = devicePixelRatio;
            u.ctx.setLineDash([]);
            u.ctx.beginPath();
            u.ctx.moveTo(x, u.bbox.top);
            u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
            u.ctx.stroke();
            u.ctx.restore();
          },
        ],
      },
    },
    [[...latest.current.steps], ...series.map(({ values }) => [...values])],
    node,
  );
  plot.over.addEventListener('click', (event) => {
    latest.current.onStep(Math.round(Math.min(latest.current.last, Math.max(0, plot.posToVal(event.offsetX, 'x')))));
  });
  return plot;
}
