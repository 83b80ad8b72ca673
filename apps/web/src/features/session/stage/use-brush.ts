// Painting on the mask: pointer to stroke; the others see it grow while it is painted.
'use client';
import type { Stroke } from '@tessera/collab';
import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { useDocument } from '../document/document-context.tsx';
import { useEdit } from '../document/use-edit.ts';
import { usePresence } from '../presence/presence-context.tsx';
import { useView, useViewStore } from '../view/view-context.tsx';

/** ms between two versions of a growing stroke. */
const SEND_MS = 250;
/** Numbers of a stroke, two a point; a longer one goes on as another. */
const LONGEST = 3_800;

export interface Brush {
  /** The stroke that is painted now. */
  readonly stroke: Stroke | null;
  /** Where the pointer is, as shares of the picture. */
  readonly hover: { readonly x: number; readonly y: number } | null;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerUp: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerCancel: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerLeave: () => void;
  };
}

export function useBrush(): Brush {
  const view = useViewStore();
  const off = useView((state) => state.maskTool === 'off');
  const document = useDocument();
  const edit = useEdit();
  const presence = usePresence();
  const [stroke, setStroke] = useState<Stroke | null>(null);
  const [hover, setHover] = useState<Brush['hover']>(null);
  const current = useRef<Stroke | null>(null);
  const sentAt = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const show = (next: Stroke | null) => {
    current.current = next;
    setStroke(next);
  };
  const send = () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    if (!current.current) return;
    sentAt.current = performance.now();
    edit.stroke(current.current);
  };
  const begin = (points: number[]): Stroke => {
    const { maskTool, brushSize, brushSoftness } = view.getState();
    const mode = maskTool === 'eraser' ? 'erase' : 'add';
    const id = crypto.randomUUID();
    return { id, author: presence.clientId, mode, size: brushSize, softness: brushSoftness, points };
  };
  const extend = (event: PointerEvent<HTMLElement>) => {
    const now = current.current;
    if (!now) return;
    const events = event.nativeEvent.getCoalescedEvents?.() ?? [];
    const added = (events.length > 0 ? events : [event.nativeEvent]).flatMap((one) =>
      pointOf(one, event.currentTarget),
    );
    show({ ...now, points: [...now.points, ...added].slice(0, LONGEST) });
    if (now.points.length + added.length >= LONGEST) {
      send();
      show(begin(added.slice(-2)));
    } else timer.current ??= setTimeout(send, Math.max(0, sentAt.current + SEND_MS - performance.now()));
  };
  const lift = () => {
    if (!current.current) return;
    send();
    document.captureAsOne(false);
    show(null);
  };
  const finish = (event: PointerEvent<HTMLElement>) => {
    extend(event);
    lift();
  };
  // Tools that are closed in the middle of a stroke hear of no pointer any more.
  const lifted = useRef(lift);
  lifted.current = lift;
  useEffect(() => {
    return off ? undefined : () => lifted.current();
  }, [off]);
  return {
    stroke,
    hover,
    handlers: {
      onPointerDown: (event) => {
        if (event.button !== 0 || current.current) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        document.captureAsOne(true);
        sentAt.current = performance.now();
        show(begin(pointOf(event.nativeEvent, event.currentTarget)));
      },
      onPointerMove: (event) => {
        const [x, y] = pointOf(event.nativeEvent, event.currentTarget);
        setHover(x === undefined || y === undefined ? null : { x, y });
        extend(event);
      },
      onPointerUp: finish,
      onPointerCancel: finish,
      onPointerLeave: () => setHover(null),
    },
  };
}

/** Shares of the picture, as far outside as the document allows. */
function pointOf(event: { readonly clientX: number; readonly clientY: number }, element: Element): number[] {
  const box = element.getBoundingClientRect();
  const share = (value: number) => Math.round(Math.min(2, Math.max(-1, value)) * 10_000) / 10_000;
  return [share((event.clientX - box.left) / box.width), share((event.clientY - box.top) / box.height)];
}
