// Fills a database with finished runs as fast as it takes them: 64 packed histories, each run with its own last tokens.
import { randomOf } from '@tessera/protocol/testing';
import type { Prisma } from '../generated/client.ts';
import { sketchOf, unitOf } from '../src/history/sketch.ts';
import { createUser, createWorkspace, type Database, newId, packSteps } from '../src/index.ts';
import { searchText } from '../src/runs/search-text.ts';
import { collectStatistics, placedTokens, tokenBytes } from '../src/steps/statistics.ts';
import { stepsOf } from '../test/steps-of.ts';

export const STEPS = 300;
const BATCH = 64;
const POSITIONS = 32;
const CODEBOOK = 4096;
const DIMENSIONS = 512;
const CHUNK = 50;
export const TOKENIZERS = ['titok-l32', 'titok-b64'] as const;
const STATUSES = ['completed', 'completed', 'completed', 'plateau', 'cancelled', 'diverged'] as const;
const WORDS = Array.from({ length: 300 }, (_, i) => `word${i.toString(36)}`);

export interface Filled {
  readonly workspaceId: string;
  readonly runIds: readonly string[];
  word(): string;
  tokens(): Int32Array;
  feature(): Float32Array;
}

export async function fill(database: Database, runs: number, seed: number): Promise<Filled> {
  const random = randomOf(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const { id: userId } = await createUser(database, { name: 'Ada', email: 'ada@example.org' });
  const { id: workspaceId } = await createWorkspace(database, { name: 'Lab', slug: 'lab', ownerId: userId });
  const templates = Array.from({ length: 64 }, (_, i) => templateOf(seed + i));
  // Pictures come in families: features around 200 centres, tokens that share two thirds with a template.
  const centres = Array.from({ length: 200 }, () => Float32Array.from({ length: DIMENSIONS }, () => random() - 0.5));
  const feature = () => unitOf(pick(centres).map((x) => x + (random() - 0.5) * 0.8));
  const tokensNear = (base: Int32Array) => base.map((t) => (random() < 0.3 ? Math.floor(random() * CODEBOOK) : t));
  const runIds: string[] = [];
  const start = Date.now() - runs * 60_000;
  for (let from = 0; from < runs; from += CHUNK) {
    const made = Array.from({ length: Math.min(CHUNK, runs - from) }, (_, i) => {
      const template = pick(templates);
      const tokens = { kind: 'indices' as const, data: tokensNear(template.last) };
      const prompts = [`a ${Array.from({ length: 6 }, () => pick(WORDS)).join(' ')}`];
      return { id: newId(), template, tokens, prompts, at: new Date(start + (from + i) * 60_000) };
    });
    const tokenizerOf = new Map(made.map(({ id }) => [id, random() < 0.8 ? TOKENIZERS[0] : TOKENIZERS[1]]));
    await database.client.$transaction([
      database.client.run.createMany({
        data: made.map(({ id, prompts, at }): Prisma.RunCreateManyInput => {
          const tokenizer = tokenizerOf.get(id)!;
          const plan = {
            tokenizer,
            iterations: STEPS,
            learningRate: 0.1,
            objectives: [{ kind: 'clip', prompt: prompts[0]! }],
          };
          return {
            id,
            workspaceId,
            userId,
            config: { format: 'tessera-run-1', plan, origin: { kind: 'plan' } },
            manifest: { format: 'tessera-manifest-1', plan, start: 'A'.repeat(2_048) },
            promptText: searchText(prompts),
            tokenizer,
            tokenKind: 'indices',
            positions: POSITIONS,
            status: pick(STATUSES),
            iterations: STEPS,
            nextStep: STEPS,
            loss: random(),
            score: random() < 0.9 ? random() : null,
            createdAt: at,
            startedAt: at,
            finishedAt: at,
          };
        }),
      }),
      database.client.stepBatch.createMany({
        data: made.flatMap(({ id, template }) =>
          template.batches.map(({ firstStep, count, data }) => ({
            runId: id,
            firstStep,
            count,
            workspaceId,
            fence: 1,
            data,
          })),
        ),
      }),
      database.client.runHistory.createMany({
        data: made.map(({ id, template, tokens }) => ({
          runId: id,
          workspaceId,
          tokenizer: tokenizerOf.get(id)!,
          steps: STEPS,
          lastTokens: tokenBytes(tokens),
          placedTokens: placedTokens(tokens),
          ...template.columns,
        })),
      }),
      database.client.runEmbedding.createMany({
        data: made.map(({ id }) => {
          const unit = feature();
          return {
            runId: id,
            model: 'clip',
            workspaceId,
            embedding: new Uint8Array(unit.buffer),
            sketch: sketchOf(unit),
          };
        }),
      }),
    ]);
    runIds.push(...made.map(({ id }) => id));
  }
  await database.client.$executeRaw`ANALYZE`;
  return { workspaceId, runIds, feature, word: () => pick(WORDS), tokens: () => tokensNear(pick(templates).last) };
}

function templateOf(seed: number) {
  const steps = stepsOf({ seed, count: STEPS, positions: POSITIONS, codebook: CODEBOOK });
  const collector = collectStatistics(POSITIONS);
  for (const step of steps) collector.add(step);
  const { changes, firstChanged, lastChanged, entropy } = collector.result();
  const batches = Array.from({ length: Math.ceil(STEPS / BATCH) }, (_, i) => {
    const part = steps.slice(i * BATCH, (i + 1) * BATCH);
    return { firstStep: i * BATCH, count: part.length, data: packSteps(part) };
  });
  const columns = {
    changes: [...changes],
    firstChanged: [...firstChanged],
    lastChanged: [...lastChanged],
    entropy: [...entropy],
  };
  return { batches, columns, last: steps.at(-1)!.tokens.data as Int32Array };
}
