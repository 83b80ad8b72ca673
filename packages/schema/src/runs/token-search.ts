// What neighbours are asked about: tokens of a run, of a seed, or given ones; a text, a seed or a run by its picture.
import { readStep } from '@tessera/db';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { BadInputError } from '../errors.ts';
import { found } from '../found.ts';
import { checkText, checkWhole, exactlyOne, idOf } from '../input-checks.ts';
import { tokensOfSeed } from '../pictures/seed-tokens.ts';
import { modelsOf, tokenShape } from './models.ts';
import { checkIndices } from './plans/splice-tokens.ts';
import { visibleRun } from './run-rows.ts';

export const TokenDistanceEnum = builder.enumType('TokenDistance', {
  values: { POSITION: { value: 'position' }, OVERLAP: { value: 'overlap' } } as const,
});

export const PlacedTokenInput = builder.inputType('PlacedTokenInput', {
  fields: (t) => ({ position: t.int({ required: true }), token: t.int({ required: true }) }),
});

export const TokensInput = builder.inputType('TokensInput', {
  description: 'Exactly one of run (its last step, or `step`), seed, or indices with their tokenizer.',
  fields: (t) => ({
    runId: t.id(),
    step: t.int(),
    seedId: t.id(),
    indices: t.intList(),
    tokenizer: t.string({ description: 'Of the indices or the seed.' }),
  }),
});

export const ImageQueryInput = builder.inputType('ImageQueryInput', {
  description: 'Exactly one.',
  fields: (t) => ({ text: t.string(), seedId: t.id(), runId: t.id() }),
});

export interface SearchedTokens {
  readonly tokenizer: string;
  readonly indices: readonly number[];
  /** The run or seed that they come from. */
  readonly except?: string;
}

/** @throws BadInputError, NotFoundError for what is in another workspace */
export async function searchedTokens(
  ctx: Context,
  workspaceId: string,
  input: typeof TokensInput.$inferInput,
): Promise<SearchedTokens> {
  switch (exactlyOne('to', input, ['runId', 'seedId', 'indices'])) {
    case 'runId': {
      const run = await visibleRun(ctx, idOf('Run', input.runId!, 'to.runId'), 'to.runId');
      sameWorkspace(run.workspaceId, workspaceId, 'to.runId');
      if (run.nextStep === 0) throw new BadInputError('to.runId', 'has no step yet.');
      const step =
        input.step == null ? run.nextStep - 1 : checkWhole('to.step', input.step, run.firstStep, run.nextStep - 1);
      const { tokens } = await readStep(ctx.database, workspaceId, run.id, step);
      return { tokenizer: run.tokenizer, indices: indicesOf(tokens, 'to.runId'), except: run.id };
    }
    case 'seedId': {
      const seed = await found(ctx, 'Seed', idOf('Seed', input.seedId!, 'to.seedId'), 'to.seedId');
      sameWorkspace(seed.workspaceId, workspaceId, 'to.seedId');
      const tokenizer = input.tokenizer ?? ctx.studio.defaults.tokenizer;
      const tokens = await tokensOfSeed(ctx, seed, tokenizer, 'to.tokenizer');
      return { tokenizer, indices: indicesOf(tokens, 'to.seedId'), except: seed.id };
    }
    case 'indices': {
      const tokenizer = input.tokenizer ?? ctx.studio.defaults.tokenizer;
      const { positions, codebookSize } = tokenShape(await modelsOf(ctx.compute), tokenizer, 'to.tokenizer');
      checkIndices(input.indices!, positions, codebookSize, 'to.indices');
      return { tokenizer, indices: input.indices! };
    }
  }
}

function indicesOf(
  { kind, data }: { readonly kind: string; readonly data: ArrayLike<number> },
  field: string,
): number[] {
  if (kind !== 'indices') throw new BadInputError(field, 'has vectors; only indices of a codebook are compared.');
  return Array.from(data);
}

export interface SearchedImage {
  readonly model: string;
  readonly vector: Float32Array;
  readonly except?: string;
}

/** The feature to look for. @throws BadInputError, NotFoundError, ComputeError */
export async function searchedImage(
  ctx: Context,
  workspaceId: string,
  input: typeof ImageQueryInput.$inferInput,
  asked: string | null | undefined,
): Promise<SearchedImage | undefined> {
  const model = asked ?? ctx.studio.defaults.clip;
  switch (exactlyOne('to', input, ['text', 'seedId', 'runId'])) {
    case 'text': {
      const text = checkText('to.text', input.text!, ctx.limits.promptCharacters).trim();
      if (text === '') throw new BadInputError('to.text', 'is empty; describe a picture.');
      const [vector] = await ctx.compute.embedTexts(model, [text]);
      return vector && { model, vector };
    }
    case 'seedId': {
      const seed = await found(ctx, 'Seed', idOf('Seed', input.seedId!, 'to.seedId'), 'to.seedId');
      sameWorkspace(seed.workspaceId, workspaceId, 'to.seedId');
      const subject = { kind: 'blob-picture', workspaceId, blobId: seed.blobId } as const;
      return { ...(await pictureFeature(ctx, model, subject)), except: seed.id };
    }
    case 'runId': {
      const run = await visibleRun(ctx, idOf('Run', input.runId!, 'to.runId'), 'to.runId');
      sameWorkspace(run.workspaceId, workspaceId, 'to.runId');
      if (run.nextStep === 0) throw new BadInputError('to.runId', 'has no step yet.');
      const subject = {
        kind: 'step-picture',
        workspaceId,
        runId: run.id,
        step: run.nextStep - 1,
        format: 'png',
      } as const;
      return { ...(await pictureFeature(ctx, model, subject)), except: run.id };
    }
  }
}

async function pictureFeature(
  ctx: Context,
  model: string,
  subject: Parameters<Context['pictures']['render']>[0],
): Promise<{ readonly model: string; readonly vector: Float32Array }> {
  const { bytes } = await ctx.pictures.render(subject);
  const [vector] = await ctx.compute.embedPictures(model, [bytes]);
  if (!vector) throw new BadInputError('model', `${model} gave no feature.`);
  return { model, vector };
}

function sameWorkspace(id: string, wanted: string, field: string): void {
  if (id !== wanted) throw new BadInputError(field, 'is of another workspace; search where it is.');
}
