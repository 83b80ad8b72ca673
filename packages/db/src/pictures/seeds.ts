// Seeds: pictures that runs start from, with their tokens per tokenizer and their image features.
import type { TokenData } from '@tessera/protocol';
import { checkInteger, checkName, checkTags, hashOf } from '../checks.ts';
import { type Database, query, transaction } from '../database.ts';
import { NotFoundError } from '../errors.ts';
import { type Embedding, putSeedEmbedding } from '../history/embeddings.ts';
import { earlierResult } from '../idempotency.ts';
import { knownId, newId } from '../ids.ts';
import { edgeByTime, keysetOf, newestFirst, type Page, type PageRequest, pageOf } from '../page.ts';
import { tokenBytes, tokensFromBytes } from '../steps/statistics.ts';

export interface Seed {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly blobId: string;
  readonly sha256: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly tags: readonly string[];
  readonly createdById: string;
  readonly createdAt: Date;
}

export const WITH_HASH = { blob: { select: { sha256: true } } } as const;

/** @throws NotFoundError when the blob is not in the workspace, InputError, IdempotencyConflictError */
export async function createSeed(
  database: Database,
  input: {
    readonly workspaceId: string;
    readonly userId: string;
    readonly name: string;
    readonly blobId: string;
    readonly width: number;
    readonly height: number;
    readonly tags?: readonly string[];
    readonly idempotencyKey?: string;
  },
): Promise<Seed> {
  const { idempotencyKey, workspaceId, userId, blobId } = input;
  const body = {
    name: checkName(input.name),
    blobId: knownId('blob', blobId),
    width: checkInteger('width', input.width, 1, 65_535),
    height: checkInteger('height', input.height, 1, 65_535),
    tags: checkTags(input.tags ?? []),
  };
  const id = newId();
  return transaction(database, async (sql) => {
    const request = { workspaceId, userId, key: idempotencyKey, operation: 'createSeed', bodyHash: hashOf(body) };
    const earlier = await earlierResult(sql, request, id);
    if (earlier === undefined) {
      if ((await sql.blob.count({ where: { id: blobId, workspaceId } })) === 0) throw new NotFoundError('blob', blobId);
      await sql.seed.create({ data: { id, workspaceId, createdById: userId, createdAt: new Date(), ...body } });
    }
    return seedOf(await sql.seed.findUniqueOrThrow({ where: { id: earlier ?? id }, include: WITH_HASH }));
  });
}

/** @throws NotFoundError */
export async function getSeed(database: Database, workspaceId: string, seedId: string): Promise<Seed> {
  const where = { id: knownId('seed', seedId), workspaceId };
  const row = await query(database, (sql) => sql.seed.findFirst({ where, include: WITH_HASH }));
  if (!row) throw new NotFoundError('seed', seedId);
  return seedOf(row);
}

/** Newest first; with tags, those that have all of them. */
export async function listSeeds(
  database: Database,
  workspaceId: string,
  page: PageRequest,
  tags: readonly string[] = [],
): Promise<Page<Seed>> {
  const keyset = keysetOf(page);
  const { where, ...order } = newestFirst(keyset);
  const tagged = tags.length > 0 ? { tags: { hasEvery: checkTags(tags) } } : {};
  const rows = await query(database, (sql) =>
    sql.seed.findMany({ where: { workspaceId, ...tagged, ...where }, include: WITH_HASH, ...order }),
  );
  return pageOf(rows, keyset, (row) => edgeByTime(seedOf(row)));
}

/** @throws NotFoundError, InputError */
export async function updateSeed(
  database: Database,
  workspaceId: string,
  seedId: string,
  change: { readonly name?: string; readonly tags?: readonly string[] },
): Promise<Seed> {
  const data = {
    ...(change.name !== undefined && { name: checkName(change.name) }),
    ...(change.tags && { tags: checkTags(change.tags) }),
  };
  await query(database, (sql) => sql.seed.updateMany({ where: { id: knownId('seed', seedId), workspaceId }, data }));
  return getSeed(database, workspaceId, seedId);
}

/** With its masks; its runs stay. @throws NotFoundError */
export async function deleteSeed(database: Database, workspaceId: string, seedId: string): Promise<void> {
  const where = { id: knownId('seed', seedId), workspaceId };
  const { count } = await query(database, (sql) => sql.seed.deleteMany({ where }));
  if (count === 0) throw new NotFoundError('seed', seedId);
}

/** Keeps a seed's tokens of a tokenizer, for searches and starts. @throws NotFoundError */
export async function putSeedTokens(
  database: Database,
  workspaceId: string,
  seedId: string,
  tokenizer: string,
  tokens: TokenData,
): Promise<void> {
  await getSeed(database, workspaceId, seedId);
  const row = { workspaceId, kind: tokens.kind, data: tokenBytes(tokens) };
  const where = { seedId_tokenizer: { seedId, tokenizer } };
  await query(database, (sql) =>
    sql.seedTokens.upsert({ where, create: { seedId, tokenizer, ...row }, update: row, select: { seedId: true } }),
  );
}

/** Undefined where they were never computed. */
export async function getSeedTokens(
  database: Database,
  workspaceId: string,
  seedId: string,
  tokenizer: string,
): Promise<TokenData | undefined> {
  const where = { seedId: knownId('seed', seedId), workspaceId, tokenizer };
  const row = await query(database, (sql) => sql.seedTokens.findFirst({ where }));
  return row ? tokensFromBytes(row.kind as TokenData['kind'], row.data) : undefined;
}

/** @throws NotFoundError, InputError */
export async function putSeedFeature(
  database: Database,
  workspaceId: string,
  seedId: string,
  embedding: Embedding,
): Promise<void> {
  await getSeed(database, workspaceId, seedId);
  await query(database, (sql) => putSeedEmbedding(sql, workspaceId, seedId, embedding));
}

type Row = Omit<Seed, 'sha256'> & { readonly blob: { readonly sha256: string } };

export const seedOf = ({ blob, ...seed }: Row): Seed => ({ ...seed, sha256: blob.sha256 });
