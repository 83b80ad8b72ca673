// Regions of comments over a picture, and drawing a new one.
'use client';
import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { cx } from '../../lib/cx.ts';

/** Shares of the picture, 0..1. */
export interface RegionBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface RegionLayerProps {
  readonly shown: readonly { readonly id: string; readonly box: RegionBox; readonly label: string }[];
  /** The one that a new comment will be pinned to. */
  readonly draft: RegionBox | null;
  /** Null: drawing is off. */
  readonly onDraw: ((box: RegionBox) => void) | null;
  readonly className?: string;
}

/** Where keys begin, and how far one press goes. */
const FIRST: RegionBox = { x: 0.35, y: 0.35, width: 0.3, height: 0.3 };
const BY = 0.05;

/** Smaller drags are taken for clicks. */
const SMALLEST = 0.02;

export function RegionLayer({ shown, draft, onDraw, className }: RegionLayerProps) {
  const [drag, setDrag] = useState<{ readonly from: Point; readonly to: Point } | null>(null);
  const layer = useRef<HTMLFieldSetElement>(null);
  const drawing = onDraw !== null;
  useEffect(() => {
    if (drawing) layer.current?.focus();
  }, [drawing]);
  const box = drag ? boxOf(drag.from, drag.to) : draft;
  return (
    <fieldset
      ref={layer}
      aria-label={drawing ? 'Region: drag, or move it with arrow keys and size it with Shift' : 'Regions of comments'}
      tabIndex={drawing ? 0 : -1}
      className={cx('absolute inset-0', drawing ? 'cursor-crosshair touch-none' : 'pointer-events-none', className)}
      onKeyDown={(event) => {
        const next = onDraw && moved(draft ?? FIRST, event.key, event.shiftKey);
        if (!next) return;
        event.preventDefault();
        onDraw(next);
      }}
      onPointerDown={(event) => {
        if (!onDraw || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const at = pointOf(event);
        setDrag({ from: at, to: at });
      }}
      onPointerMove={(event) => {
        const to = pointOf(event);
        setDrag((now) => now && { ...now, to });
      }}
      onPointerUp={() => {
        if (drag && onDraw) {
          const drawn = boxOf(drag.from, drag.to);
          if (drawn.width >= SMALLEST && drawn.height >= SMALLEST) onDraw(drawn);
        }
        setDrag(null);
      }}
      onPointerCancel={() => setDrag(null)}
    >
      {shown.map((region) => (
        <span
          key={region.id}
          title={region.label}
          className="absolute border-2 border-white/80 shadow-sm"
          style={styleOf(region.box)}
        />
      ))}
      {box && <span className="absolute border-2 border-accent bg-accent/15" style={styleOf(box)} />}
    </fieldset>
  );
}

/** Null for other keys. It stays inside the picture. */
function moved({ x, y, width, height }: RegionBox, key: string, sizes: boolean): RegionBox | null {
  const [dx, dy] = ARROWS[key] ?? [0, 0];
  if (dx === 0 && dy === 0) return null;
  const between = (value: number, least: number, most: number) =>
    Math.round(Math.min(most, Math.max(least, value)) * 1000) / 1000;
  return sizes
    ? { x, y, width: between(width + dx, BY, 1 - x), height: between(height + dy, BY, 1 - y) }
    : { x: between(x + dx, 0, 1 - width), y: between(y + dy, 0, 1 - height), width, height };
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-BY, 0],
  ArrowRight: [BY, 0],
  ArrowUp: [0, -BY],
  ArrowDown: [0, BY],
};

interface Point {
  readonly x: number;
  readonly y: number;
}

function pointOf(event: PointerEvent<HTMLElement>): Point {
  const bounds = event.currentTarget.getBoundingClientRect();
  const share = (value: number) => Math.min(1, Math.max(0, value));
  return {
    x: share((event.clientX - bounds.left) / bounds.width),
    y: share((event.clientY - bounds.top) / bounds.height),
  };
}

function boxOf(a: Point, b: Point): RegionBox {
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
}

function styleOf({ x, y, width, height }: RegionBox) {
  return { left: `${x * 100}%`, top: `${y * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` };
}
