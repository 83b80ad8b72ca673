// Seeds: from an uploaded picture or from a step of a run; named, tagged, deleted.
import { createSeed, deleteSeed, putSeedTokens, readStep, updateSeed } from '@tessera/db';
import { readImage } from '@tessera/media';
import { actorOf } from '../access.ts';
import { announce, audit } from '../announce.ts';
import type { Context } from '../context.ts';
import { NotFoundError } from '../errors.ts';
import { found } from '../found.ts';
import { checkLine, checkWhole, exactlyOne, given, globalId, idOf } from '../input-checks.ts';
import { mutation } from '../mutation.ts';
import { SeedRef } from '../refs.ts';
import { StepInputRef } from '../runs/inputs.ts';
import { visibleRun } from '../runs/run-rows.ts';
import { workspaceTarget } from '../targets.ts';
import { type DecodedPicture, keepDecoded } from './decoded-picture.ts';
import { uploadedFile } from './uploads.ts';

interface NewPicture {
  readonly blobId: string;
  readonly width: number;
  readonly height: number;
  /** Known where the picture was made from them. */
  readonly tokens?: DecodedPicture['tokens'];
}

function tagsOf(tags: readonly string[], { limits }: Context): string[] {
  return tags.map((tag, i) => checkLine(`tags.${i}`, tag, limits.tagCharacters));
}

mutation('createSeed', {
  right: 'edit',
  cost: 30,
  input: (t) => ({
    workspaceId: t.id({ required: true }),
    name: t.string({ required: true }),
    tags: t.stringList(),
    uploadId: t.id({ description: 'Exactly one of uploadId, or a step of a run.' }),
    fromStep: t.field({ type: StepInputRef }),
    idempotencyKey: t.string(),
  }),
  payload: { seed: SeedRef },
  target: (input, ctx) => workspaceTarget(input, ctx),
  async change({ uploadId, fromStep, tags, idempotencyKey, ...input }, ctx, { workspaceId }) {
    const name = checkLine('name', input.name, ctx.limits.nameCharacters);
    const labels = tagsOf(tags ?? [], ctx);
    exactlyOne('uploadId', { uploadId, fromStep }, ['uploadId', 'fromStep']);
    const { tokens, ...picture } = fromStep
      ? await fromRun(ctx, workspaceId, fromStep)
      : await fromUpload(ctx, workspaceId, uploadId ?? '');
    const seed = await createSeed(ctx.database, {
      ...picture,
      workspaceId,
      userId: actorOf(ctx),
      name,
      tags: labels,
      ...given({ idempotencyKey }),
    });
    if (tokens) await putSeedTokens(ctx.database, workspaceId, seed.id, tokens.tokenizer, tokens.tokens);
    await announce(ctx, workspaceId, { kind: 'SEED', id: seed.id });
    return { seed };
  },
});

/** @throws UnsupportedFormatError, LimitError, CorruptImageError for what is no picture */
async function fromUpload(ctx: Context, workspaceId: string, uploadId: string): Promise<NewPicture> {
  const { blobId, bytes } = await uploadedFile(ctx, workspaceId, uploadId, 'seed');
  const { width, height } = await readImage(bytes, {
    maxBytes: ctx.limits.uploadBytes,
    maxPixels: ctx.limits.uploadPixels,
  });
  return { blobId, width, height };
}

/** @throws NotFoundError for a run of another workspace, or a step that is not there */
async function fromRun(
  ctx: Context,
  workspaceId: string,
  { runId, step }: { readonly runId: string; readonly step: number },
): Promise<NewPicture> {
  const run = await visibleRun(ctx, idOf('Run', runId, 'fromStep.runId'), 'fromStep.runId');
  if (run.workspaceId !== workspaceId) throw new NotFoundError('run', 'fromStep.runId');
  checkWhole('fromStep.step', step, 0, 2 ** 31 - 1);
  const { tokens } = await readStep(ctx.database, workspaceId, run.id, step);
  return keepDecoded(ctx, workspaceId, { tokenizer: run.tokenizer, tokens });
}

mutation('updateSeed', {
  right: 'edit',
  input: (t) => ({ seedId: t.id({ required: true }), name: t.string(), tags: t.stringList() }),
  payload: { seed: SeedRef },
  target: ({ seedId }, ctx) => found(ctx, 'Seed', idOf('Seed', seedId, 'seedId'), 'seedId'),
  async change({ name, tags }, ctx, { id, workspaceId }) {
    const seed = await updateSeed(ctx.database, workspaceId, id, {
      ...(typeof name === 'string' && { name: checkLine('name', name, ctx.limits.nameCharacters) }),
      ...(tags && { tags: tagsOf(tags, ctx) }),
    });
    await announce(ctx, workspaceId, { kind: 'SEED', id });
    return { seed };
  },
});

mutation('deleteSeed', {
  description: 'With its masks; its runs stay.',
  right: 'edit',
  input: (t) => ({ seedId: t.id({ required: true }) }),
  payload: { deletedId: 'ID' },
  target: ({ seedId }, ctx) => found(ctx, 'Seed', idOf('Seed', seedId, 'seedId'), 'seedId'),
  async change(_input, ctx, { id, workspaceId, name }) {
    await deleteSeed(ctx.database, workspaceId, id);
    await audit(ctx, workspaceId, { action: 'seed.delete', targetType: 'seed', targetId: id, detail: { name } });
    await announce(ctx, workspaceId, { kind: 'SEED', id });
    return { deletedId: globalId('Seed', id) };
  },
});
