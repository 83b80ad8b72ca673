// The mask that people painted in a session, drawn for a seed: the same strokes give the same row again.
import { rasterise, type SessionSnapshot } from '@tessera/collab';
import { createMask, listMasks, putBlob, type Seed } from '@tessera/db';
import { actorOf } from '../access.ts';
import { announce } from '../announce.ts';
import type { Context } from '../context.ts';
import { greyPng } from '../pictures/grey-png.ts';

/** Pixel visits of drawing on the server's own thread: under a second. */
const MAX_WORK = 400_000_000;

/** Undefined where nothing is painted. @throws MaskError for strokes that would take too long */
export async function paintedMask(ctx: Context, seed: Seed, snapshot: SessionSnapshot): Promise<string | undefined> {
  const { strokes, settings } = snapshot;
  if (strokes.length === 0) return undefined;
  const { workspaceId, width, height, id: seedId } = seed;
  const { maskFeather: feather, maskInvert: invert } = settings;
  const values = rasterise(strokes, width, height, { feather, invert, maxWork: MAX_WORK });
  const blob = await putBlob(ctx.database, workspaceId, await greyPng(values, seed), 'image/png');
  // A repeated request must describe the same run, and many runs of one painting need no masks of their own.
  const known = (await listMasks(ctx.database, workspaceId, seedId)).find(({ blobId }) => blobId === blob.id);
  if (known) return known.id;
  const made = { workspaceId, seedId, blobId: blob.id, name: 'Painted', width, height, userId: actorOf(ctx) };
  const mask = await createMask(ctx.database, made);
  await announce(ctx, workspaceId, { kind: 'MASK', id: mask.id });
  return mask.id;
}
