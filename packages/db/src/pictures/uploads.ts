// One-time upload addresses: a token that is good for one file, for a few minutes.
import { randomBytes } from 'node:crypto';
import { LIMITS } from '@tessera/protocol';
import { hashToken } from '../checks.ts';
import { type Database, query, transaction } from '../database.ts';
import { ExpiredError, NotFoundError } from '../errors.ts';
import { knownId, newId } from '../ids.ts';
import { type BlobInfo, insertBlob } from './blobs.ts';

export type UploadPurpose = 'seed' | 'mask' | 'tokens';

export interface Upload {
  readonly id: string;
  readonly workspaceId: string;
  readonly userId: string;
  readonly purpose: UploadPurpose;
  readonly expiresAt: Date;
  /** Null until the file has come. */
  readonly blobId: string | null;
}

/** The token is in this answer and nowhere else. */
export async function createUpload(
  database: Database,
  input: { readonly workspaceId: string; readonly userId: string; readonly purpose: UploadPurpose },
): Promise<{ readonly upload: Upload; readonly token: string }> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(Date.now() + LIMITS.uploadSeconds.value * 1000);
  const data = { ...input, id: newId(), tokenHash: hashToken(token), expiresAt };
  return { upload: uploadOf(await query(database, (sql) => sql.upload.create({ data }))), token };
}

/** Whether a token may still be used: asked before a body is read. @throws NotFoundError, ExpiredError */
export async function openUpload(database: Database, token: string): Promise<Upload> {
  const row = await query(database, (sql) => sql.upload.findUnique({ where: { tokenHash: hashToken(token) } }));
  if (!row) throw new NotFoundError('upload', 'given');
  if (row.usedAt !== null || row.expiresAt < new Date()) throw new ExpiredError('upload');
  return uploadOf(row);
}

/** Stores the file and uses the token up; of two at once one wins. @throws NotFoundError, ExpiredError, InputError */
export async function completeUpload(
  database: Database,
  token: string,
  bytes: Uint8Array,
  contentType: string,
): Promise<{ readonly upload: Upload; readonly blob: BlobInfo }> {
  return transaction(database, async (sql) => {
    const tokenHash = hashToken(token);
    const where = { tokenHash, usedAt: null, expiresAt: { gt: new Date() } };
    const { count } = await sql.upload.updateMany({ where, data: { usedAt: new Date() } });
    const row = await sql.upload.findUnique({ where: { tokenHash } });
    if (!row) throw new NotFoundError('upload', 'given');
    if (count === 0) throw new ExpiredError('upload');
    const blob = await insertBlob(sql, row.workspaceId, bytes, contentType);
    const after = await sql.upload.update({ where: { tokenHash }, data: { blobId: blob.id } });
    return { upload: uploadOf(after), blob };
  });
}

/** @throws NotFoundError */
export async function getUpload(database: Database, workspaceId: string, uploadId: string): Promise<Upload> {
  const where = { id: knownId('upload', uploadId), workspaceId };
  const row = await query(database, (sql) => sql.upload.findFirst({ where }));
  if (!row) throw new NotFoundError('upload', uploadId);
  return uploadOf(row);
}

type Row = Omit<Upload, 'purpose'> & { readonly purpose: string };

const uploadOf = ({ id, workspaceId, userId, purpose, expiresAt, blobId }: Row): Upload => ({
  id,
  workspaceId,
  userId,
  purpose: purpose as UploadPurpose,
  expiresAt,
  blobId,
});
