// Measures the history queries over many stored runs: npm run bench --workspace packages/db -- [runs] [embedded|server]
import { randomOf } from '@tessera/protocol/testing';
import {
  countRuns,
  type Database,
  diffSteps,
  listRuns,
  nearestRunsByImage,
  nearestRunsByTokens,
  positionStatistics,
  readSteps,
  runsByToken,
} from '../src/index.ts';
import { type Filled, fill, onBothForms, STEPS, TOKENIZERS, tableOfTimes } from './index.ts';

const SEED = 20_251_123;

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

const runs = Number(process.argv[2] ?? 10_000);
const within = await onBothForms(process.argv[3], async (name, database, limit) => {
  const start = performance.now();
  const filled = await fill(database, runs, SEED);
  const seconds = ((performance.now() - start) / 1_000).toFixed(0);
  console.log(`\n${name}: ${runs} runs of ${STEPS} steps filled in ${seconds} s`);
  return tableOfTimes(queriesOf(database, filled), limit);
});
process.exitCode = within ? 0 : 1;
