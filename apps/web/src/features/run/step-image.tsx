// The picture after a step, in a square that never changes its size; the last one stays until the next has arrived.
'use client';
import type { ReactNode } from 'react';
import { cx } from '../../lib/cx.ts';
import { useStepPicture } from './use-step-picture.ts';

export interface StepImageProps {
  readonly runId: string;
  /** Null: the run has no step yet. */
  readonly step: number | null;
  /** px asked from the server. */
  readonly size: number;
  /** A live frame that is shown instead of asking. */
  readonly frame?: string | null;
  readonly alt: string;
  readonly className?: string;
  readonly imageClassName?: string;
  readonly children?: ReactNode;
}

export function StepImage({
  runId,
  step,
  size,
  frame = null,
  alt,
  className,
  imageClassName,
  children,
}: StepImageProps) {
  const { src, step: shown, problem } = useStepPicture(runId, frame ? null : step, size);
  const source = frame ?? src;
  return (
    <div className={cx('relative aspect-square overflow-hidden bg-sunken', className)}>
      {source ? (
        // biome-ignore lint/performance/noImgElement: frames change many times a second and are sized by the server
        <img
          src={source}
          alt={alt}
          draggable={false}
          data-step={frame ? (step ?? undefined) : (shown ?? undefined)}
          className={cx('size-full select-none object-contain', imageClassName)}
        />
      ) : (
        <p className="flex size-full items-center justify-center p-3 text-center text-ink-faint text-xs">
          {problem ?? (step === null ? 'No step yet' : '')}
        </p>
      )}
      {source && problem && (
        <p className="absolute inset-x-0 bottom-0 bg-surface/90 px-2 py-1 text-danger text-xs">{problem}</p>
      )}
      {children}
    </div>
  );
}
