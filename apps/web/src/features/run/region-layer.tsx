// Regions of comments over a picture, and drawing a new one.
'use client';
import { type PointerEvent, useState } from 'react';
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
}

/** Smaller drags are taken for clicks. */
const SMALLEST = 0.02;

export function RegionLayer({ shown, draft, onDraw }: RegionLayerProps) {
  const [drag, setDrag] = useState<{ readonly from: Point; readonly to: Point } | null>(null);
  const box = drag ? boxOf(drag.from, drag.to) : draft;
  return (
    <div
      className={cx('absolute inset-0', onDraw ? 'cursor-crosshair touch-none' : 'pointer-events-none')}
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
    </div>
  );
}

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
