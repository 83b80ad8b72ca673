// Regions of the shown step's comments on the picture, and drawing a new one.
'use client';
import { RegionLayer } from '../../run/region-layer.tsx';
import { useShown } from '../view/shown.ts';
import { useSessionComments } from './comments-context.tsx';

export function StageRegions() {
  const { step } = useShown();
  const { comments, draft, onDraft } = useSessionComments();
  const shown = comments.comments.flatMap(({ id, body, region, resolvedAt, step: at }) =>
    region && resolvedAt === null && (at === null || at === step) ? [{ id, box: region, label: body }] : [],
  );
  return (
    <RegionLayer
      shown={shown}
      draft={draft.region}
      onDraw={draft.drawing ? (region) => onDraft({ region }) : null}
      className="z-20"
    />
  );
}
