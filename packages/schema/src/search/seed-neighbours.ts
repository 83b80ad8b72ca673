// Seeds that are like something: by their tokens, by what their pictures show, and as the start that suits a prompt.
import { nearestSeedsByImage, nearestSeedsByTokens, type Seed } from '@tessera/db';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { COMPUTE_COST, ROW_COST, SEARCH_COST } from '../cost.ts';
import { completeFeatures, completeTokens } from '../pictures/seed-tokens.ts';
import { SeedRef, WorkspaceRef } from '../refs.ts';
import {
  ImageQueryInput,
  searchedImage,
  searchedTokens,
  TokenDistanceEnum,
  TokensInput,
} from '../runs/token-search.ts';
import { countOf, type Nearness, searchCost } from './neighbours.ts';

interface SeedNeighbour extends Nearness {
  readonly seed: Seed;
}

const SeedNeighbourRef = builder.objectRef<SeedNeighbour>('SeedNeighbour').implement({
  access: 'held',
  fields: (t) => ({
    seed: t.field({ type: SeedRef, complexity: ROW_COST, resolve: ({ seed }) => seed }),
    distance: t.int({
      nullable: true,
      description: 'Positions whose tokens differ.',
      resolve: ({ distance }) => distance ?? null,
    }),
    overlap: t.float({
      nullable: true,
      description: 'Share of distinct tokens in common, wherever they are.',
      resolve: ({ overlap }) => overlap ?? null,
    }),
    similarity: t.float({
      nullable: true,
      description: 'Cosine of the features.',
      resolve: ({ similarity }) => similarity ?? null,
    }),
  }),
});

/** The seeds of an answer that are still there, in its order. */
async function withSeeds<T extends { readonly id: string }>({ loads }: Context, found: readonly T[]) {
  const seeds = await Promise.all(found.map(({ id }) => loads.row('Seed', id)));
  return found.flatMap((neighbour, i) => (seeds[i] ? [{ ...neighbour, seed: seeds[i] }] : []));
}

builder.objectFields(WorkspaceRef, (t) => ({
  seedsNearTokens: t.field({
    type: [SeedNeighbourRef],
    access: 'view',
    complexity: searchCost(SEARCH_COST + COMPUTE_COST),
    args: {
      to: t.arg({ type: TokensInput, required: true }),
      by: t.arg({ type: TokenDistanceEnum }),
      first: t.arg.int(),
    },
    resolve: async ({ id: workspaceId }, { to, by, first }, ctx) => {
      const limit = countOf(first, ctx);
      const { tokenizer, indices, except } = await searchedTokens(ctx, workspaceId, to);
      await completeTokens(ctx, workspaceId, tokenizer);
      const found = await nearestSeedsByTokens(ctx.database, {
        workspaceId,
        tokenizer,
        tokens: indices,
        limit,
        by: by ?? 'position',
        ...(except !== undefined && { except }),
      });
      return withSeeds(ctx, found);
    },
  }),
  seedsNearImage: t.field({
    type: [SeedNeighbourRef],
    access: 'view',
    complexity: searchCost(SEARCH_COST + COMPUTE_COST),
    args: { to: t.arg({ type: ImageQueryInput, required: true }), model: t.arg.string(), first: t.arg.int() },
    resolve: async ({ id: workspaceId }, { to, model, first }, ctx) => {
      const limit = countOf(first, ctx);
      const wanted = await searchedImage(ctx, workspaceId, to, model);
      if (!wanted) return [];
      await completeFeatures(ctx, workspaceId, wanted.model);
      return withSeeds(ctx, await nearestSeedsByImage(ctx.database, { workspaceId, limit, ...wanted }));
    },
  }),
}));
