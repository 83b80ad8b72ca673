// Measures the history queries over many stored runs: npm run bench --workspace packages/db -- [runs] [embedded|server]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomOf } from '@tessera/protocol/testing';
import {
  countRuns,
  type Database,
  diffSteps,
  listRuns,
  nearestRunsByImage,
  nearestRunsByTokens,
  openDatabase,
  positionStatistics,
  readSteps,
  runsByToken,
} from '../src/index.ts';
import { startPostgres } from '../src/testing.ts';
import { type Filled, fill, STEPS, TOKENIZERS } from './fill.ts';

const SEED = 20_251_123;
const REPEATS = 60;
const WARM = 5;

function queriesOf(database: Database, filled: Filled): Record<string, () => Promise<unknown>> {
  const { workspaceId, runIds, word, tokens, feature } = filled;
  const random = randomOf(SEED);
  const run = () => runIds[Math.floor(random() * runIds.length)]!;
  const tokenizer = TOKENIZERS[0];
  const list = (filter: object, order?: 'score') => listRuns(database, workspaceId, filter, { first: 50 }, order);
  return {
    'runs: one word of the prompt': () => list({ text: word() }),
    'runs: two words and a prefix': () => list({ text: `${word()} ${word().slice(0, 5)}` }),
    'runs: a word that all have': () => list({ text: 'a' }),
    'runs: model, status, score, best first': () =>
      list({ tokenizer, statuses: ['completed'], minScore: 0.3, maxScore: 0.8 }, 'score'),
    'runs: a day in the past': () =>
      list({
        createdAfter: new Date(Date.now() - 3 * 86_400_000),
        createdBefore: new Date(Date.now() - 2 * 86_400_000),
      }),
    'runs: second page, newest first': async () => {
      const { edges } = await list({});
      return listRuns(database, workspaceId, {}, { first: 50, after: edges.at(-1)!.cursor });
    },
    'runs: count of a word': () => countRuns(database, workspaceId, { text: word() }),
    'steps: all 300': () => readSteps(database, workspaceId, run()),
    'steps: every 10th': () => readSteps(database, workspaceId, run(), { stride: 10 }),
    'steps: 20 of the middle': () => readSteps(database, workspaceId, run(), { from: 140, to: 159 }),
    'positions: changes, entropy, first, last': () => positionStatistics(database, workspaceId, run()),
    'runs by token at position': () => {
      const position = Math.floor(random() * 32);
      return runsByToken(database, workspaceId, tokenizer, [{ position, token: tokens()[position]! }]);
    },
    'nearest runs by tokens': () =>
      nearestRunsByTokens(database, { workspaceId, tokenizer, tokens: tokens(), limit: 20 }),
    'nearest runs by token overlap': () =>
      nearestRunsByTokens(database, { workspaceId, tokenizer, tokens: tokens(), limit: 20, by: 'overlap' }),
    'nearest runs by image feature': () =>
      nearestRunsByImage(database, { workspaceId, model: 'clip', vector: feature(), limit: 20 }),
    'difference of two steps': () =>
      diffSteps(database, workspaceId, { runId: run(), step: 10 }, { runId: run(), step: STEPS - 1 }).catch(
        () => undefined,
      ),
  };
}

async function measure(name: string, database: Database, runs: number, limit: number): Promise<boolean> {
  const start = performance.now();
  const filled = await fill(database, runs, SEED);
  console.log(
    `\n${name}: ${runs} runs of ${STEPS} steps filled in ${((performance.now() - start) / 1000).toFixed(0)} s`,
  );
  console.log(`${'query'.padEnd(44)}${'p50 ms'.padStart(9)}${'p95 ms'.padStart(9)}${'max ms'.padStart(9)}`);
  let within = true;
  for (const [query, ask] of Object.entries(queriesOf(database, filled))) {
    const times: number[] = [];
    for (let i = 0; i < REPEATS + WARM; i++) {
      const from = performance.now();
      await ask();
      if (i >= WARM) times.push(performance.now() - from);
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
    const over = at(0.95) > limit;
    within &&= !over;
    const row = [at(0.5), at(0.95), at(1)].map((ms) => ms.toFixed(1).padStart(9)).join('');
    console.log(`${query.padEnd(44)}${row}${over ? `   over ${limit} ms` : ''}`);
  }
  return within;
}

const runs = Number(process.argv[2] ?? 10_000);
const only = process.argv[3];
let within = true;
if (only !== 'server') {
  const directory = mkdtempSync(join(tmpdir(), 'tessera-bench-'));
  const database = await openDatabase({ dataDirectory: directory });
  within = (await measure('Embedded', database, runs, 500)) && within;
  await database.close();
  rmSync(directory, { recursive: true, force: true });
}
if (only !== 'embedded') {
  const postgres = await startPostgres();
  if (typeof postgres === 'string') console.log(`PostgreSQL skipped: ${postgres}.`);
  else {
    const database = await openDatabase({ url: await postgres.createDatabase() });
    within = (await measure('PostgreSQL', database, runs, 200)) && within;
    await database.close();
    await postgres.stop();
  }
}
process.exitCode = within ? 0 : 1;
