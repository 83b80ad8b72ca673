// Seed association (paper, sections 4 and 5.2): a seed for a prompt, at random, the best match, or one of the best share.
import { createHash, randomInt } from 'node:crypto';
import { nearestSeedsByImage } from '@tessera/db';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { COMPUTE_COST, SEARCH_COST } from '../cost.ts';
import { checkLine, checkNumber } from '../input-checks.ts';
import { completeFeatures } from '../pictures/seed-tokens.ts';
import { SeedRef, WorkspaceRef } from '../refs.ts';

const SeedAssociationEnum = builder.enumType('SeedAssociation', {
  values: { RANDOM: { value: 'random' }, TOP_1: { value: 'top-1' }, TOP_SHARE: { value: 'top-share' } } as const,
});

/** Of all seeds, where none is asked for: the paper's 1 %. */
const DEFAULT_SHARE = 0.01;

interface Association {
  readonly prompt: string;
  readonly mode: 'random' | 'top-1' | 'top-share';
  readonly share?: number | null | undefined;
  readonly randomSeed?: number | null | undefined;
  readonly model?: string | null | undefined;
}

builder.objectField(WorkspaceRef, 'associateSeed', (t) =>
  t.field({
    type: SeedRef,
    nullable: true,
    access: 'view',
    description: 'A seed for a prompt: random, the best match, or one of the best share. Null where there is none.',
    complexity: SEARCH_COST + COMPUTE_COST,
    args: {
      prompt: t.arg.string({ required: true }),
      mode: t.arg({ type: SeedAssociationEnum, required: true }),
      share: t.arg.float({ description: 'Of all seeds, from 0 to 1; 0.01 by default.' }),
      randomSeed: t.arg.int({ description: 'The same number chooses the same seed among the same ones.' }),
      model: t.arg.string(),
    },
    resolve: async ({ id }, args, ctx) => {
      checkLine('prompt', args.prompt, ctx.limits.promptCharacters);
      const seedId = args.mode === 'random' ? await randomSeed(ctx, id, args) : await matchingSeed(ctx, id, args);
      return seedId === undefined ? null : ((await ctx.loads.row('Seed', seedId)) ?? null);
    },
  }),
);

async function randomSeed(
  { database }: Context,
  workspaceId: string,
  { randomSeed: seed }: Association,
): Promise<string | undefined> {
  const count = await database.client.seed.count({ where: { workspaceId } });
  if (count === 0) return undefined;
  const [chosen] = await database.client.seed.findMany({
    where: { workspaceId },
    select: { id: true },
    orderBy: { id: 'asc' },
    skip: draw(count, seed),
    take: 1,
  });
  return chosen?.id;
}

async function matchingSeed(ctx: Context, workspaceId: string, args: Association): Promise<string | undefined> {
  const model = args.model ?? ctx.studio.defaults.clip;
  const share = checkNumber('share', args.share ?? DEFAULT_SHARE, 0, 1);
  const [vector] = await ctx.compute.embedTexts(model, [args.prompt.trim()]);
  if (!vector) return undefined;
  await completeFeatures(ctx, workspaceId, model);
  const count = await ctx.database.client.seed.count({ where: { workspaceId } });
  const best = args.mode === 'top-1' ? 1 : Math.max(1, Math.min(ctx.limits.neighbours, Math.ceil(share * count)));
  const found = await nearestSeedsByImage(ctx.database, { workspaceId, model, vector, limit: best });
  return found[found.length > 1 ? draw(found.length, args.randomSeed) : 0]?.id;
}

/** A number below `count`: the same for the same seed. */
function draw(count: number, seed: number | null | undefined): number {
  if (seed === null || seed === undefined) return randomInt(count);
  const bytes = createHash('sha256').update(`tessera seed association ${seed}`).digest();
  return bytes.readUInt32LE(0) % count;
}
