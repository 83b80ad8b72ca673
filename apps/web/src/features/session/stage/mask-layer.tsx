// The mask over the picture: everybody's strokes, and the one that is painted here now.
'use client';
import { rasterise, type Stroke } from '@tessera/collab';
import { useEffect, useRef } from 'react';
import { cx } from '../../../lib/cx.ts';
import { useDocumentView } from '../document/document-context.tsx';
import { useView } from '../view/view-context.tsx';
import { BrushRing } from './brush-ring.tsx';
import { useBrush } from './use-brush.ts';

/** Side of the preview in pixels; the server draws the mask at the picture's own size. */
const SIDE = 256;

export function MaskLayer() {
  const tool = useView((state) => state.maskTool);
  const strokes = useDocumentView((view) => view.strokes);
  const feather = useDocumentView((view) => view.settings.maskFeather);
  const invert = useDocumentView((view) => view.settings.maskInvert);
  const canvas = useRef<HTMLCanvasElement>(null);
  const brush = useBrush();
  const painted = withStroke(strokes, brush.stroke);
  const on = tool !== 'off';
  const shown = on || painted.length > 0;
  useEffect(() => {
    if (!shown || !canvas.current) return;
    const frame = requestAnimationFrame(() => canvas.current && drawMask(canvas.current, painted, { feather, invert }));
    return () => cancelAnimationFrame(frame);
  }, [shown, painted, feather, invert]);
  if (!shown) return null;
  return (
    <>
      <canvas
        ref={canvas}
        width={SIDE}
        height={SIDE}
        role="img"
        aria-label={`Mask of ${strokes.length} ${strokes.length === 1 ? 'stroke' : 'strokes'}`}
        data-strokes={strokes.length}
        {...(on && brush.handlers)}
        className={cx(
          'absolute inset-0 z-10 size-full transition-opacity',
          on ? 'cursor-none touch-none opacity-65' : 'pointer-events-none opacity-35',
        )}
      />
      {on && <BrushRing point={brush.hover} />}
    </>
  );
}

function withStroke(strokes: readonly Stroke[], own: Stroke | null): readonly Stroke[] {
  if (!own) return strokes;
  return [...strokes.filter(({ id }) => id !== own.id), own];
}

/** Lapis: told apart from most pictures in light and dark. */
const TINT = [40, 120, 255] as const;

function drawMask(
  canvas: HTMLCanvasElement,
  strokes: readonly Stroke[],
  { feather, invert }: { readonly feather: number; readonly invert: boolean },
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const pixels = context.createImageData(SIDE, SIDE);
  // Nothing painted means that nothing is masked, inverted or not.
  const mask = strokes.length > 0 ? rasterise(strokes, SIDE, SIDE, { feather, invert }) : new Float32Array(SIDE * SIDE);
  for (let i = 0; i < mask.length; i += 1) {
    pixels.data.set(TINT, i * 4);
    pixels.data[i * 4 + 3] = Math.round((mask[i] ?? 0) * 255);
  }
  context.putImageData(pixels, 0, 0);
}
