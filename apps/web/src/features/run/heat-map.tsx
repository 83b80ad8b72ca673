// The token history as a heat map: positions down, steps across, coloured where a token has just changed.
'use client';
import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { type History, heat, indexOfStep } from './heat.ts';
import { onThemeChange, themeColour } from './theme-colour.ts';
import { useElementWidth } from './use-element-width.ts';

export interface HeatMapProps {
  readonly history: History;
  /** Tokens after each step, beside `history.steps`; null for vectors. */
  readonly tokens: readonly (readonly number[] | null)[];
  /** Last step of the time axis, which other views share. */
  readonly last: number;
  readonly step: number;
  readonly position: number | null;
  readonly onPick: (step: number, position: number) => void;
  readonly gutter: number;
}

/** px per position. */
const ROW = 5;

export function HeatMap({ history, tokens, last, step, position, onPick, gutter }: HeatMapProps) {
  const [host, width] = useElementWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [hover, setHover] = useState<{ readonly step: number; readonly position: number } | null>(null);
  const { positions, steps } = history;
  const height = positions * ROW;
  const reached = steps.length > 0 ? (steps[steps.length - 1]! + 1) / (last + 1) : 0;

  useEffect(() => {
    const node = canvas.current;
    if (!node || width === 0 || positions === 0) return;
    const paint = () => paintHeat(node, heat(history, Math.max(1, Math.round(width * reached))), positions);
    paint();
    return onThemeChange(paint);
  }, [history, width, positions, reached]);

  const locate = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const clamp = (value: number, most: number) => Math.min(most, Math.max(0, value));
    return {
      step: clamp(Math.floor(((event.clientX - box.left) / box.width) * (last + 1)), last),
      position: clamp(Math.floor(((event.clientY - box.top) / box.height) * positions), positions - 1),
    };
  };
  const shown = hover ?? (position === null ? null : { step, position });
  return (
    <figure className="min-w-0">
      <div className="flex">
        <div
          aria-hidden
          className="flex shrink-0 flex-col justify-between pr-2 text-right text-2xs text-ink-faint leading-none"
          style={{ width: gutter }}
        >
          <span>0</span>
          <span>{positions - 1}</span>
        </div>
        <div
          ref={host}
          className="relative mr-[7px] min-w-0 grow cursor-crosshair overflow-hidden rounded-sm bg-sunken"
          style={{ height }}
        >
          <canvas
            ref={canvas}
            role="img"
            aria-label={`Token changes of ${positions} positions over ${steps.length} steps`}
            className="absolute inset-y-0 left-0 h-full"
            style={{ width: `${reached * 100}%`, imageRendering: 'pixelated' }}
            onPointerLeave={() => setHover(null)}
          />
          <div
            className="absolute inset-0"
            onPointerMove={(event) => setHover(locate(event))}
            onPointerLeave={() => setHover(null)}
            onPointerDown={(event) => {
              const at = locate(event);
              onPick(at.step, at.position);
            }}
          />
          <span
            aria-hidden
            className="pointer-events-none absolute inset-y-0 w-px bg-accent"
            style={{ left: `${((step + 0.5) / (last + 1)) * 100}%` }}
          />
          {position !== null && (
            <span
              aria-hidden
              className="pointer-events-none absolute inset-x-0 border-accent/70 border-y"
              style={{ top: position * ROW, height: ROW }}
            />
          )}
        </div>
      </div>
      <figcaption className="tabular mt-1 min-h-4 text-2xs text-ink-soft" style={{ paddingLeft: gutter }}>
        {shown
          ? describe(shown, tokens, steps)
          : 'Each row is a token position; coloured where the token has just changed, then fading.'}
      </figcaption>
    </figure>
  );
}

function describe(
  at: { readonly step: number; readonly position: number },
  tokens: HeatMapProps['tokens'],
  steps: readonly number[],
): string {
  const token = tokens[indexOfStep(steps, at.step)]?.[at.position];
  return `Step ${at.step}, position ${at.position}${token === undefined ? '' : `: token ${token}`}`;
}

/** One pixel per cell; CSS scales it. The colour is the accent with the heat as its opacity. */
function paintHeat(node: HTMLCanvasElement, cells: Float32Array, rows: number): void {
  const columns = cells.length / rows;
  node.width = columns;
  node.height = rows;
  const context = node.getContext('2d', { willReadFrequently: true });
  if (!context) return;
  context.fillStyle = themeColour('--accent');
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  const image = context.createImageData(columns, rows);
  cells.forEach((value, i) => {
    image.data.set([red, green, blue, value * value * 235 + (value > 0 ? 20 : 0)], i * 4);
  });
  context.putImageData(image, 0, 0);
}
