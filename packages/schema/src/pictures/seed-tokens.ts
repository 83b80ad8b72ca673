// Tokens and features of seeds: computed by a worker on first use, then kept.
import { type Database, getBlob, getSeedTokens, putSeedFeature, putSeedTokens, type Seed } from '@tessera/db';
import type { TokenData } from '@tessera/protocol';
import type { Context } from '../context.ts';
import { SchemaError } from '../errors.ts';
import { modelsOf, tokenShape } from '../runs/models.ts';

/** @throws BadInputError for a name that is no tokenizer, ComputeError */
export async function tokensOfSeed(
  { database, compute }: Context,
  seed: Pick<Seed, 'id' | 'workspaceId' | 'blobId'>,
  tokenizer: string,
  field = 'tokenizer',
): Promise<TokenData> {
  const known = await getSeedTokens(database, seed.workspaceId, seed.id, tokenizer);
  if (known) return known;
  tokenShape(await modelsOf(compute), tokenizer, field);
  const tokens = await compute.encode(tokenizer, await bytesOf(database, seed));
  await putSeedTokens(database, seed.workspaceId, seed.id, tokenizer, tokens);
  return tokens;
}

/** The encoded picture as it was uploaded. */
export async function bytesOf(
  database: Database,
  { workspaceId, blobId }: Pick<Seed, 'workspaceId' | 'blobId'>,
): Promise<Uint8Array> {
  const { data } = await getBlob(database, workspaceId, blobId);
  if (!data) throw new SchemaError('UNAVAILABLE', 'The picture is kept where this server cannot read it.');
  return data;
}

/** Pictures that one request has a worker look at: about 2 s on a CPU. */
const AT_ONCE = 64;

/** Gives the newest seeds that lack it the feature of a model, so that a search finds them. @throws ComputeError */
export async function completeFeatures(
  { database, compute }: Context,
  workspaceId: string,
  model: string,
): Promise<void> {
  const lacking = await database.client.seed.findMany({
    where: { workspaceId, embeds: { none: { model } } },
    select: { id: true, workspaceId: true, blobId: true },
    orderBy: { id: 'desc' },
    take: AT_ONCE,
  });
  if (lacking.length === 0) return;
  const pictures = await Promise.all(lacking.map((seed) => bytesOf(database, seed)));
  const features = await compute.embedPictures(model, pictures);
  for (const [i, { id }] of lacking.entries()) {
    const vector = features[i];
    if (vector) await putSeedFeature(database, workspaceId, id, { model, vector });
  }
}

/** Encodings that one request waits for: some seconds on a CPU. */
const ENCODED_AT_ONCE = 16;

/** Gives the newest seeds that lack them the tokens of a tokenizer, so that a search finds them. @throws ComputeError */
export async function completeTokens(ctx: Context, workspaceId: string, tokenizer: string): Promise<void> {
  const lacking = await ctx.database.client.seed.findMany({
    where: { workspaceId, tokens: { none: { tokenizer } } },
    select: { id: true, workspaceId: true, blobId: true },
    orderBy: { id: 'desc' },
    take: ENCODED_AT_ONCE,
  });
  for (const seed of lacking) await tokensOfSeed(ctx, seed, tokenizer);
}
