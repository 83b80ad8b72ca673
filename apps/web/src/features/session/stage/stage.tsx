// The picture in the middle: the shown step, the mask over it, the others' cursors over both.
'use client';
import { ImageOff } from 'lucide-react';
import dynamic from 'next/dynamic';
import { type PointerEvent, useState } from 'react';
import { cx } from '../../../lib/cx.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Spinner } from '../../../ui/spinner.tsx';
import { useSessionComments } from '../comments/comments-context.tsx';
import { nothing } from '../nothing.ts';
import { Cursors } from '../presence/cursors.tsx';
import { usePresence, usePresenceView } from '../presence/presence-context.tsx';
import { useShown } from '../view/shown.ts';
import { useView } from '../view/view-context.tsx';
import { FrameCanvas } from './frame-canvas.tsx';
import { MaskLayer } from './mask-layer.tsx';
import { useStagePicture } from './use-stage-picture.ts';

const FollowFrame = dynamic(() => import('../later.ts').then((module) => module.FollowFrame), { loading: nothing });
const StageRegions = dynamic(() => import('../later.ts').then((module) => module.StageRegions), { loading: nothing });

export function Stage() {
  const { src, waiting, kind } = useStagePicture();
  const { step, runId } = useShown();
  const masking = useView((state) => state.maskTool !== 'off');
  const presence = usePresence();
  const following = usePresenceView(({ mine }) => mine.following !== null);
  const comments = useSessionComments();
  const [drawn, setDrawn] = useState<string | null>(null);
  // Steps whose tokens are the same have the same picture: one drawing shows them all.
  const drawnStep = kind === 'step' && src !== null && drawn === src ? step : null;
  const point = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * 1_000) / 1_000;
    const x = share((event.clientX - box.left) / box.width);
    const y = share((event.clientY - box.top) / box.height);
    presence.show({ cursor: { x, y } });
  };
  const label = kind === 'step' ? `Picture at step ${step}` : kind === 'seed' ? 'The start picture' : 'No picture yet';
  return (
    <div className="@container-size grid min-h-0 w-full grow place-items-center max-md:aspect-square max-md:shrink-0 max-md:grow-0">
      <div
        data-stage
        data-run={runId ?? undefined}
        data-step={drawnStep ?? undefined}
        onPointerMove={point}
        onPointerLeave={() => presence.show({ cursor: null })}
        className="relative isolate aspect-square w-[min(100cqw,100cqh)] overflow-hidden rounded-lg border bg-sunken"
      >
        <FrameCanvas src={src} label={label} onDrawn={setDrawn} />
        {kind === 'loading' && <Skeleton className="absolute inset-0" />}
        {kind === 'nothing' && (
          <EmptyState icon={ImageOff} title="No start picture" className="absolute inset-0">
            Choose one under “Start from”, drop one here, or start from noise.
          </EmptyState>
        )}
        <MaskLayer />
        {(comments.shown || comments.draft.drawing) && runId !== null && <StageRegions />}
        <Cursors />
        {following && <FollowFrame />}
        <span
          className={cx(
            'absolute top-2 right-2 rounded-full bg-surface/80 p-1 opacity-0 transition-opacity delay-200',
            waiting && kind === 'step' && 'opacity-100',
            masking && 'hidden',
          )}
        >
          {/* One that turns unseen would still be drawn 60 times a second. */}
          {waiting && <Spinner className="size-3.5" />}
        </span>
      </div>
    </div>
  );
}
