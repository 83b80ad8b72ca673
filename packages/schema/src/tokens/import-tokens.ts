// Tokens from a file as a seed: checked for count, codebook and tokenizer, then decoded.
import { createSeed, putSeedTokens } from '@tessera/db';
import type { ModelSummary } from '@tessera/wire';
import { actorOf } from '../access.ts';
import { announce } from '../announce.ts';
import { BadInputError } from '../errors.ts';
import { checkLine } from '../input-checks.ts';
import { mutation } from '../mutation.ts';
import { keepDecoded } from '../pictures/decoded-picture.ts';
import { uploadedFile } from '../pictures/uploads.ts';
import { SeedRef } from '../refs.ts';
import { modelsOf, type TokenShape, tokenShape } from '../runs/models.ts';
import { workspaceTarget } from '../targets.ts';
import { readTokenFile, type TokenFile } from './read-tokens.ts';

mutation('importTokens', {
  right: 'edit',
  cost: 30,
  inputDescription:
    'Tokens from an uploaded .npz, .safetensors, JSON or CSV as a seed (decoded): its last row, checked for count, codebook and tokenizer.',
  input: (t) => ({
    workspaceId: t.id({ required: true }),
    uploadId: t.id({ required: true }),
    tokenizer: t.string({ required: true }),
    name: t.string({ required: true }),
  }),
  payload: { seed: SeedRef },
  target: (input, ctx) => workspaceTarget(input, ctx),
  async change({ uploadId, tokenizer, ...input }, ctx, { workspaceId }) {
    const name = checkLine('name', input.name, ctx.limits.nameCharacters);
    const models = await modelsOf(ctx.compute);
    const shape = tokenShape(models, tokenizer, 'tokenizer');
    const { bytes } = await uploadedFile(ctx, workspaceId, uploadId, 'tokens');
    const file = readTokenFile(bytes);
    checkTokenizer(
      file,
      models.find(({ id }) => id === tokenizer),
    );
    const tokens = { kind: 'indices', data: checkIndices(file.indices, shape) } as const;
    const { tokens: _, ...picture } = await keepDecoded(ctx, workspaceId, { tokenizer, tokens });
    const seed = await createSeed(ctx.database, { ...picture, workspaceId, userId: actorOf(ctx), name });
    await putSeedTokens(ctx.database, workspaceId, seed.id, tokenizer, tokens);
    await announce(ctx, workspaceId, { kind: 'SEED', id: seed.id });
    return { seed };
  },
});

/** @throws BadInputError where the file says that its tokens are another tokenizer's */
function checkTokenizer({ tokenizer: said }: TokenFile, model: ModelSummary | undefined): void {
  const other = said?.sha256 && model?.sha256 ? said.sha256 !== model.sha256 : said?.id && said.id !== model?.id;
  if (other) {
    throw new BadInputError('tokenizer', `is not that of the file, which has tokens of ${said?.id ?? said?.sha256}.`);
  }
}

/** @throws BadInputError */
function checkIndices(indices: readonly number[], { kind, positions, codebookSize }: TokenShape): Int32Array {
  if (kind !== 'indices') throw new BadInputError('tokenizer', 'has no codebook; only indices can be imported.');
  if (indices.length !== positions) {
    throw new BadInputError('uploadId', `holds ${indices.length} tokens in a row; the tokenizer has ${positions}.`);
  }
  const at = indices.findIndex((index) => !Number.isInteger(index) || index < 0 || index >= codebookSize);
  if (at >= 0) {
    throw new BadInputError(
      'uploadId',
      `holds ${indices[at]} at position ${at}; a token is a whole number from 0 to ${codebookSize - 1}.`,
    );
  }
  return Int32Array.from(indices);
}
