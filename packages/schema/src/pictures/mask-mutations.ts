// Masks: from an uploaded picture, or from what people painted in a session.
import { rasterise } from '@tessera/collab';
import { createMask, deleteMask, putBlob, type Seed } from '@tessera/db';
import { readMask } from '@tessera/media';
import { actorOf } from '../access.ts';
import { announce, audit } from '../announce.ts';
import type { Context } from '../context.ts';
import { BadInputError, NotFoundError } from '../errors.ts';
import { found } from '../found.ts';
import { checkLine, exactlyOne, globalId, idOf } from '../input-checks.ts';
import { mutation } from '../mutation.ts';
import { MaskRef } from '../refs.ts';
import { documentActor } from '../sessions/actor.ts';
import { greyPng } from './grey-png.ts';
import { uploadedFile } from './uploads.ts';

/** Pixel visits of drawing on the server's own thread: under a second. */
const MAX_WORK = 400_000_000;

mutation('createMask', {
  right: 'edit',
  cost: 20,
  inputDescription:
    "Exactly one of uploadId (white is generated) or sessionId (its painted strokes, drawn at the seed's size).",
  input: (t) => ({
    seedId: t.id({ required: true }),
    name: t.string({ required: true }),
    uploadId: t.id(),
    sessionId: t.id(),
  }),
  payload: { mask: MaskRef },
  target: ({ seedId }, ctx) => found(ctx, 'Seed', idOf('Seed', seedId, 'seedId'), 'seedId'),
  async change({ uploadId, sessionId, ...input }, ctx, seed) {
    const name = checkLine('name', input.name, ctx.limits.nameCharacters);
    exactlyOne('uploadId', { uploadId, sessionId }, ['uploadId', 'sessionId']);
    const { workspaceId, width, height } = seed;
    const values = sessionId ? await painted(ctx, seed, sessionId) : await uploaded(ctx, seed, uploadId ?? '');
    const blob = await putBlob(ctx.database, workspaceId, await greyPng(values, seed), 'image/png');
    const mask = await createMask(ctx.database, {
      workspaceId,
      seedId: seed.id,
      blobId: blob.id,
      name,
      width,
      height,
      userId: actorOf(ctx),
    });
    await announce(ctx, workspaceId, { kind: 'MASK', id: mask.id });
    return { mask };
  },
});

/** HW, 0 keeps and 1 generates. @throws MaskSizeError, UnsupportedFormatError, LimitError, CorruptImageError */
async function uploaded(ctx: Context, seed: Seed, uploadId: string): Promise<Float32Array> {
  const { bytes } = await uploadedFile(ctx, seed.workspaceId, uploadId, 'mask');
  const { uploadBytes: maxBytes, uploadPixels: maxPixels } = ctx.limits;
  return readMask(bytes, { width: seed.width, height: seed.height }, { maxBytes, maxPixels });
}

/** @throws NotFoundError for a session of another workspace, BadInputError where nothing is painted, MaskError */
async function painted(ctx: Context, { workspaceId, width, height }: Seed, sessionId: string): Promise<Float32Array> {
  const session = await found(ctx, 'Session', idOf('Session', sessionId, 'sessionId'), 'sessionId');
  if (session.workspaceId !== workspaceId) throw new NotFoundError('session', 'sessionId');
  const { strokes, settings } = await ctx.documents.snapshot(session.id, documentActor(ctx));
  if (strokes.length === 0) throw new BadInputError('sessionId', 'has no painted strokes; paint a mask first.');
  return rasterise(strokes, width, height, {
    feather: settings.maskFeather,
    invert: settings.maskInvert,
    maxWork: MAX_WORK,
  });
}

mutation('deleteMask', {
  right: 'edit',
  input: (t) => ({ maskId: t.id({ required: true }) }),
  payload: { deletedId: 'ID' },
  target: ({ maskId }, ctx) => found(ctx, 'Mask', idOf('Mask', maskId, 'maskId'), 'maskId'),
  async change(_input, ctx, { id, workspaceId, name }) {
    await deleteMask(ctx.database, workspaceId, id);
    await audit(ctx, workspaceId, { action: 'mask.delete', targetType: 'mask', targetId: id, detail: { name } });
    await announce(ctx, workspaceId, { kind: 'MASK', id });
    return { deletedId: globalId('Mask', id) };
  },
});
