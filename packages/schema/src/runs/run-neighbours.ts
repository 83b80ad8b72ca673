// Runs that are like something: by tokens at their places, by token distance, by what their pictures show.
import { nearestRunsByImage, nearestRunsByTokens, type Run, runsByToken } from '@tessera/db';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { COMPUTE_COST, ROW_COST, SEARCH_COST } from '../cost.ts';
import { RunRef, WorkspaceRef } from '../refs.ts';
import { countOf, type Nearness, searchCost } from '../search/neighbours.ts';
import { runLoads } from './run-rows.ts';
import {
  ImageQueryInput,
  PlacedTokenInput,
  searchedImage,
  searchedTokens,
  TokenDistanceEnum,
  TokensInput,
} from './token-search.ts';

interface RunNeighbour extends Nearness {
  readonly run: Run;
}

const RunNeighbourRef = builder.objectRef<RunNeighbour>('RunNeighbour').implement({
  access: 'held',
  fields: (t) => ({
    run: t.field({ type: RunRef, complexity: ROW_COST, resolve: ({ run }) => run }),
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

/** The runs of an answer that are still there, in its order. */
async function withRuns<T extends { readonly id: string }>(ctx: Context, found: readonly T[]) {
  const runs = await Promise.all(found.map(({ id }) => runLoads(ctx).runs.load(id)));
  return found.flatMap((neighbour, i) => (runs[i] ? [{ ...neighbour, run: runs[i] }] : []));
}

builder.objectFields(WorkspaceRef, (t) => ({
  runsByToken: t.field({
    type: [RunRef],
    access: 'view',
    description: 'Finished runs that hold every one of these tokens in their last step, newest first.',
    complexity: searchCost(SEARCH_COST),
    args: {
      tokenizer: t.arg.string({ required: true }),
      tokens: t.arg({ type: [PlacedTokenInput], required: true }),
      first: t.arg.int(),
    },
    resolve: ({ id }, { tokenizer, tokens, first }, ctx) =>
      runsByToken(ctx.database, id, tokenizer, tokens, countOf(first, ctx)),
  }),
  runsNearTokens: t.field({
    type: [RunNeighbourRef],
    access: 'view',
    description:
      'Nearest by tokens (Hamming or Jaccard) to the last tokens of a run, the tokens of a seed, or given tokens.',
    complexity: searchCost(SEARCH_COST),
    args: {
      to: t.arg({ type: TokensInput, required: true }),
      by: t.arg({ type: TokenDistanceEnum }),
      first: t.arg.int(),
    },
    resolve: async ({ id }, { to, by, first }, ctx) => {
      const { tokenizer, indices, except } = await searchedTokens(ctx, id, to);
      const found = await nearestRunsByTokens(ctx.database, {
        workspaceId: id,
        tokenizer,
        tokens: indices,
        limit: countOf(first, ctx),
        by: by ?? 'position',
        ...(except !== undefined && { except }),
      });
      return withRuns(ctx, found);
    },
  }),
  runsNearImage: t.field({
    type: [RunNeighbourRef],
    access: 'view',
    description: 'Nearest by CLIP similarity to a text, a seed or a run.',
    complexity: searchCost(SEARCH_COST + COMPUTE_COST),
    args: { to: t.arg({ type: ImageQueryInput, required: true }), model: t.arg.string(), first: t.arg.int() },
    resolve: async ({ id }, { to, model, first }, ctx) => {
      const limit = countOf(first, ctx);
      const wanted = await searchedImage(ctx, id, to, model);
      if (!wanted) return [];
      return withRuns(ctx, await nearestRunsByImage(ctx.database, { workspaceId: id, limit, ...wanted }));
    },
  }),
}));
