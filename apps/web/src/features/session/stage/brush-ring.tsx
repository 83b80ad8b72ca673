// The brush as a ring of its size where the pointer is.
'use client';
import { useView } from '../view/view-context.tsx';

export function BrushRing({ point }: { readonly point: { readonly x: number; readonly y: number } | null }) {
  const size = useView((state) => state.brushSize);
  const erasing = useView((state) => state.maskTool === 'eraser');
  if (!point) return null;
  return (
    <div
      aria-hidden
      className="-translate-x-1/2 -translate-y-1/2 pointer-events-none absolute z-20 rounded-full border border-white mix-blend-difference"
      style={{
        left: `${point.x * 100}%`,
        top: `${point.y * 100}%`,
        width: `${size * 100}%`,
        height: `${size * 100}%`,
        borderStyle: erasing ? 'dashed' : 'solid',
      }}
    />
  );
}
