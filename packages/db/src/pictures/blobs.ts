// Bytes by their hash, once per workspace: in the database, or under a key of an object store.
import { createHash } from 'node:crypto';
import { LIMITS } from '@tessera/protocol';
import { type Database, query, type Statements } from '../database.ts';
import { InputError, NotFoundError } from '../errors.ts';
import { knownId, newId } from '../ids.ts';

export interface BlobInfo {
  readonly id: string;
  readonly sha256: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
}

export interface StoredBlob extends BlobInfo {
  readonly data: Uint8Array | null;
  readonly storageKey: string | null;
}

const INFO = { id: true, sha256: true, contentType: true, size: true } as const;

/** The same bytes again give the same blob. @throws InputError when empty or too large */
export async function putBlob(
  database: Database,
  workspaceId: string,
  data: Uint8Array,
  contentType: string,
): Promise<BlobInfo> {
  return query(database, (sql) => insertBlob(sql, workspaceId, data, contentType));
}

export async function insertBlob(
  sql: Statements,
  workspaceId: string,
  data: Uint8Array,
  contentType: string,
): Promise<BlobInfo> {
  const max = LIMITS.tokenImportBytes.value;
  if (data.length === 0 || data.length > max) {
    throw new InputError('file', `has ${data.length} bytes; 1 to ${max} can be stored`);
  }
  const sha256 = createHash('sha256').update(data).digest('hex');
  await sql.blob.createMany({
    data: [{ id: newId(), workspaceId, sha256, contentType, size: data.length, data: Uint8Array.from(data) }],
    skipDuplicates: true,
  });
  return sql.blob.findUniqueOrThrow({ where: { workspaceId_sha256: { workspaceId, sha256 } }, select: INFO });
}

/** @throws NotFoundError */
export async function getBlob(database: Database, workspaceId: string, blobId: string): Promise<StoredBlob> {
  const where = { id: knownId('blob', blobId), workspaceId };
  const select = { ...INFO, data: true, storageKey: true };
  const row = await query(database, (sql) => sql.blob.findFirst({ where, select }));
  if (!row) throw new NotFoundError('blob', blobId);
  return row;
}
