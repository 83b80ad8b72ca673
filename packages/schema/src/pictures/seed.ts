// Seeds: pictures that runs start from.
import { listMasks, listSeeds } from '@tessera/db';
import { builder } from '../builder.ts';
import { connectionOf, pageRequest } from '../connections.ts';
import { COMPUTE_COST, listCost, pageCost, ROW_COST } from '../cost.ts';
import { NotFoundError, SchemaError } from '../errors.ts';
import { found } from '../found.ts';
import { idOf } from '../input-checks.ts';
import { userOf } from '../people/user.ts';
import { MaskRef, SeedConnection, SeedRef, UserRef, WorkspaceRef } from '../refs.ts';
import { blobPicture } from './blob-picture.ts';
import { PictureRef, pictureSize } from './picture.ts';
import { tokensOfSeed } from './seed-tokens.ts';

builder.node(SeedRef, {
  access: 'held',
  id: { resolve: ({ id }) => id },
  loadOne: (id, ctx) => found(ctx, 'Seed', id),
  fields: (t) => ({
    name: t.exposeString('name'),
    tags: t.stringList({ complexity: 1, resolve: ({ tags }) => [...tags] }),
    width: t.exposeInt('width'),
    height: t.exposeInt('height'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    createdBy: t.field({
      type: UserRef,
      nullable: true,
      complexity: ROW_COST,
      resolve: ({ createdById }, _args, ctx) => userOf(ctx, createdById),
    }),
    picture: t.field({
      type: PictureRef,
      description:
        'The uploaded picture, scaled so that its longer side is `size` px (256 by default), never enlarged.',
      complexity: 1,
      args: { size: t.arg.int() },
      resolve: (seed, { size }) => blobPicture(seed, size),
    }),
    tokens: t.intList({
      nullable: true,
      description: 'Tokens of this seed; computed and kept on first use. Null for a tokenizer without codebook.',
      complexity: COMPUTE_COST,
      args: { tokenizer: t.arg.string({ required: true }) },
      resolve: async (seed, { tokenizer }, ctx) => {
        const tokens = await tokensOfSeed(ctx, seed, tokenizer);
        return tokens.kind === 'indices' ? Array.from(tokens.data) : null;
      },
    }),
    reconstruction: t.field({
      type: PictureRef,
      description: 'What the tokenizer makes of it: the picture decoded from its tokens.',
      complexity: COMPUTE_COST,
      args: { tokenizer: t.arg.string({ required: true }), size: t.arg.int() },
      resolve: async (seed, { tokenizer, size }, ctx) => {
        const tokens = await tokensOfSeed(ctx, seed, tokenizer);
        if (tokens.kind !== 'indices')
          throw new SchemaError('UNSUPPORTED', `${tokenizer} has no codebook.`, 'tokenizer');
        const place = { kind: 'tokens-picture', tokenizer, indices: Array.from(tokens.data) } as const;
        return { subject: { ...place, ...pictureSize(size, ctx.limits.frameSize) } };
      },
    }),
    masks: t.field({
      type: [MaskRef],
      complexity: listCost(5),
      resolve: ({ id, workspaceId }, _args, { database }) => listMasks(database, workspaceId, id),
    }),
  }),
});

builder.node(MaskRef, {
  access: 'held',
  id: { resolve: ({ id }) => id },
  loadOne: (id, ctx) => found(ctx, 'Mask', id),
  fields: (t) => ({
    name: t.exposeString('name'),
    width: t.exposeInt('width'),
    height: t.exposeInt('height'),
    seed: t.field({
      type: SeedRef,
      complexity: ROW_COST,
      resolve: async ({ seedId }, _args, { loads }) => {
        const seed = await loads.row('Seed', seedId);
        if (!seed) throw new NotFoundError('seed');
        return seed;
      },
    }),
    picture: t.field({
      type: PictureRef,
      description: 'White is generated, black kept.',
      complexity: 1,
      args: { size: t.arg.int() },
      resolve: (mask, { size }) => blobPicture(mask, size),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
});

builder.objectField(WorkspaceRef, 'seeds', (t) =>
  t.connection(
    {
      type: SeedRef,
      access: 'view',
      complexity: pageCost,
      args: { tags: t.arg.stringList({ description: 'Those that have all of these.' }) },
      resolve: async ({ id }, { tags, ...page }, { database }) =>
        connectionOf(await listSeeds(database, id, pageRequest(page), tags ?? [])),
    },
    SeedConnection,
  ),
);

builder.queryField('seed', (t) =>
  t.field({
    type: SeedRef,
    nullable: true,
    access: { checked: 'view' },
    complexity: ROW_COST,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, ctx) => found(ctx, 'Seed', idOf('Seed', id, 'id')),
  }),
);
