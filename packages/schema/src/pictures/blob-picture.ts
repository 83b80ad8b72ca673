// The stored picture of a seed or mask, by what it shows.
import type { PictureSource } from './picture.ts';
import { pictureSize } from './picture.ts';

/** Longer side, in px, where none is asked for. */
const DEFAULT_SIZE = 256;
/** The largest side that is worth sending. px. */
const MAX_SIZE = 4_096;

/** @throws BadInputError for a size outside 1 to 4096 */
export function blobPicture(
  { workspaceId, blobId }: { readonly workspaceId: string; readonly blobId: string },
  size: number | null | undefined,
): PictureSource {
  return { subject: { kind: 'blob-picture', workspaceId, blobId, size: DEFAULT_SIZE, ...pictureSize(size, MAX_SIZE) } };
}
