// Draws the newest picture it was given; the one before stays until the next is decoded, so nothing flickers or moves.
'use client';
import { useEffect, useRef } from 'react';

export interface FrameCanvasProps {
  /** Address of a picture, inline or not; null keeps what is there. */
  readonly src: string | null;
  readonly label: string;
  /** Told once it is on the screen. */
  readonly onDrawn?: (src: string) => void;
}

export function FrameCanvas({ src, label, onDrawn }: FrameCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef(onDrawn);
  drawn.current = onDrawn;
  useEffect(() => {
    if (!src) return;
    let stale = false;
    const image = new Image();
    image.src = src;
    image
      .decode()
      .then(() => {
        const target = canvas.current;
        if (stale || !target) return;
        if (target.width !== image.naturalWidth) target.width = image.naturalWidth;
        if (target.height !== image.naturalHeight) target.height = image.naturalHeight;
        target.getContext('2d')?.drawImage(image, 0, 0);
        drawn.current?.(src);
      })
      // A picture that cannot be drawn leaves the one before; the next one follows.
      .catch(() => {});
    return () => {
      stale = true;
    };
  }, [src]);
  return <canvas ref={canvas} width={1} height={1} role="img" aria-label={label} className="block size-full" />;
}
