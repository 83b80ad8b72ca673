// The picture after a step, by what it shows: it is decoded when somebody reads it.
import type { Run } from '@tessera/db';
import type { FrameFormat } from '@tessera/protocol';
import { type PictureSource, pictureSize } from '../pictures/picture.ts';

interface PictureArgs {
  readonly size?: number | null | undefined;
  readonly format?: FrameFormat | null | undefined;
}

/** @throws BadInputError for a size outside 1 to `maxSize` */
export function stepPicture(
  { id, workspaceId }: Pick<Run, 'id' | 'workspaceId'>,
  step: number,
  { size, format }: PictureArgs,
  maxSize: number,
): PictureSource {
  const place = { kind: 'step-picture', workspaceId, runId: id, step, format: format ?? 'webp' } as const;
  return { subject: { ...place, ...pictureSize(size, maxSize) } };
}
