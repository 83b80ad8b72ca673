// Curves of several runs over the same steps, with a mark at the shown one. A click shows that step.
'use client';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { formatNumber } from '../run/format.ts';
import { themeColour } from '../run/theme-colour.ts';
import { useElementWidth } from '../run/use-element-width.ts';

export interface PlottedCurve {
  readonly name: string;
  readonly colour: string;
  readonly dashed: boolean;
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
}

export interface CurvesPlotProps {
  readonly curves: readonly PlottedCurve[];
  readonly step: number;
  readonly onStep: (step: number) => void;
  /** Read out in the plot's place. */
  readonly label: string;
  readonly dark: boolean;
}

const HEIGHT = 180;

export function CurvesPlot({ curves, step, onStep, label, dark }: CurvesPlotProps) {
  const [host, width] = useElementWidth<HTMLDivElement>();
  const plot = useRef<uPlot | null>(null);
  const latest = useRef({ step, onStep });
  latest.current = { step, onStep };
  const looks = curves.map(({ name, colour, dashed }) => `${name} ${colour} ${dashed}`).join('|');

  // biome-ignore lint/correctness/useExhaustiveDependencies: built anew with the theme and where curves look otherwise
  useEffect(() => {
    const node = host.current;
    if (!node || width === 0) return;
    const made = new uPlot(optionsOf(curves, width, latest), dataOf(curves), node);
    made.over.addEventListener('click', (event) => {
      latest.current.onStep(Math.max(0, Math.round(made.posToVal(event.offsetX, 'x'))));
    });
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [host, width, looks, dark]);

  useEffect(() => plot.current?.setData(dataOf(curves)), [curves]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the mark is drawn at the step
  useEffect(() => plot.current?.redraw(false, false), [step]);

  return (
    <div ref={host} role="img" aria-label={label} style={{ height: HEIGHT }} className="min-w-0 overflow-hidden" />
  );
}

/** All curves over the union of their steps. */
function dataOf(curves: readonly PlottedCurve[]): uPlot.AlignedData {
  const filled = curves.filter(({ steps }) => steps.length > 0);
  if (filled.length === 0) return [[], ...curves.map(() => [])];
  const steps = [...new Set(filled.flatMap((curve) => curve.steps))].sort((a, b) => a - b);
  return [
    steps,
    ...curves.map((curve) => {
      const byStep = new Map(curve.steps.map((at, i) => [at, curve.values[i] ?? null]));
      // Undefined where another run has a step and this one has none: the line goes on over it.
      return steps.map((at) => byStep.get(at));
    }),
  ];
}

function optionsOf(
  curves: readonly PlottedCurve[],
  width: number,
  latest: { readonly current: { readonly step: number } },
): uPlot.Options {
  const axis = {
    stroke: themeColour('--ink-faint'),
    grid: { stroke: themeColour('--line'), width: 1 },
    ticks: { show: false },
    font: '11px sans-serif',
  };
  return {
    width,
    height: HEIGHT,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { x: { time: false } },
    axes: [
      { ...axis, size: 24 },
      { ...axis, size: 52, values: (_, ticks) => ticks.map((value) => formatNumber(value, 3)) },
    ],
    series: [
      {},
      ...curves.map(({ name, colour, dashed }) => ({
        label: name,
        stroke: colour,
        width: 1.5,
        spanGaps: true,
        points: { show: false },
        ...(dashed && { dash: [6, 4] }),
      })),
    ],
    hooks: { draw: [(plot) => drawMark(plot, latest.current.step)] },
  };
}

function drawMark(plot: uPlot, step: number): void {
  if ((plot.data[0]?.length ?? 0) === 0) return;
  const x = Math.round(plot.valToPos(step, 'x', true)) + 0.5;
  const { left, top, width, height } = plot.bbox;
  if (x < left || x > left + width) return;
  plot.ctx.save();
  plot.ctx.strokeStyle = themeColour('--ink-faint');
  plot.ctx.setLineDash([3, 3]);
  plot.ctx.beginPath();
  plot.ctx.moveTo(x, top);
  plot.ctx.lineTo(x, top + height);
  plot.ctx.stroke();
  plot.ctx.restore();
}
