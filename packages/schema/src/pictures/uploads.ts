// Files come in by a one-time address, never inside GraphQL; a mutation then says what they are.
import { createUpload, getBlob, getUpload, type UploadPurpose } from '@tessera/db';
import { actorOf } from '../access.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { upper } from '../enums.ts';
import { BadInputError, NotFoundError, SchemaError } from '../errors.ts';
import { globalId, idOf } from '../input-checks.ts';
import { mutation } from '../mutation.ts';
import { workspaceTarget } from '../targets.ts';

const UploadPurposeEnum = builder.enumType('UploadPurpose', { values: upper(['seed', 'mask', 'tokens']) });

mutation('createUpload', {
  right: 'edit',
  payloadDescription: "PUT the file's bytes to `url` once, before `expiresAt`.",
  input: (t) => ({
    workspaceId: t.id({ required: true }),
    purpose: t.field({ type: UploadPurposeEnum, required: true }),
  }),
  payload: { uploadId: 'ID', url: 'String', expiresAt: 'DateTime' },
  target: (input, ctx) => workspaceTarget(input, ctx),
  async change({ purpose }, ctx, { workspaceId }) {
    const { upload, token } = await createUpload(ctx.database, { workspaceId, userId: actorOf(ctx), purpose });
    return { uploadId: globalId('Upload', upload.id), url: `/uploads/${token}`, expiresAt: upload.expiresAt };
  },
});

export interface UploadedFile {
  readonly blobId: string;
  readonly bytes: Uint8Array;
}

/**
 * The file of an upload that the viewer made for this purpose.
 * @throws BadInputError where it is for something else or has no file yet, NotFoundError, SchemaError (EXPIRED)
 */
export async function uploadedFile(
  ctx: Context,
  workspaceId: string,
  uploadId: string,
  purpose: UploadPurpose,
): Promise<UploadedFile> {
  const upload = await getUpload(ctx.database, workspaceId, idOf('Upload', uploadId, 'uploadId'));
  if (upload.userId !== ctx.viewer.userId) throw new NotFoundError('upload', 'uploadId');
  if (upload.purpose !== purpose) {
    throw new BadInputError('uploadId', `is an upload for ${upload.purpose}; make one for ${purpose}.`);
  }
  if (upload.blobId === null) {
    if (upload.expiresAt <= new Date())
      throw new SchemaError('EXPIRED', 'The upload is over; make a new one.', 'uploadId');
    throw new BadInputError('uploadId', 'has no file yet; PUT the file to its url first.');
  }
  const { data } = await getBlob(ctx.database, workspaceId, upload.blobId);
  if (!data) throw new SchemaError('UNAVAILABLE', 'The file is kept where this server cannot read it.', 'uploadId');
  return { blobId: upload.blobId, bytes: data };
}
