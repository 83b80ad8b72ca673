// npm run bench:history -w apps/api -- [runs] [embedded|server]: the history queries through GraphQL over HTTP, as the page asks.
import { type Database, setRole } from '@tessera/db';
import { fill, onBothForms, TOKENIZERS, tableOfTimes } from '@tessera/db/bench';
import { randomOf } from '@tessera/protocol/testing';
import { type Compute, type ModelSummary, serveCompute } from '@tessera/wire';
import { graphql, startTestServer } from '../test/support/server.ts';
import { historyQueries, type Operation } from './history-queries.ts';

const SEED = 20_251_123;
const LIMITS = { requestsPerMinute: 1e9, requestsPerMinutePerAddress: 1e9 };

const models: readonly ModelSummary[] = TOKENIZERS.map((id) => ({
  id,
  name: id,
  kind: 'tokenizer',
  family: 'titok',
  licence: 'Apache-2.0',
  bytes: 0,
  embedded: false,
  installed: true,
  imageSize: 256,
  positions: 32,
  codebookSize: 4096,
  channels: 12,
}));

/** `data` of an operation. @throws with its errors */
async function ask(origin: string, operation: Operation) {
  const { body } = await graphql(origin, operation);
  if (body.errors) throw new Error(JSON.stringify(body.errors));
  return body.data;
}

/** The queries of one form, on a server of its own. True where every p95 is within `limit` ms. */
async function measure(name: string, database: Database, runs: number, limit: number): Promise<boolean> {
  const filled = await fill(database, runs, SEED);
  await using world = await startTestServer({ TESSERA_LIMITS: JSON.stringify(LIMITS) }, database);
  const { origin, server } = world;
  const { viewer } = await ask(origin, { query: '{ viewer { user { id } } }', variables: {} });
  const userId = Buffer.from(viewer.user.id, 'base64').toString().split(':')[1]!;
  await setRole(database, filled.workspaceId, userId, 'viewer');
  // A worker that embeds at once: what is measured is the search.
  const answers: Partial<Compute> = {
    models: async () => models,
    embedTexts: async (_, texts) => texts.map(() => filled.feature()),
  };
  await using _worker = serveCompute(server.services.bus.calls, answers as Compute);
  let cursor = '';
  const operations = historyQueries(filled, randomOf(SEED), TOKENIZERS[0], () => cursor);
  cursor = (await ask(origin, operations['runs: newest first']!())).workspace.runs.pageInfo.endCursor;
  console.log(`\n${name}: ${runs} runs, through GraphQL over HTTP`);
  const queries = Object.entries(operations).map(([query, make]) => [query, () => ask(origin, make())] as const);
  return await tableOfTimes(Object.fromEntries(queries), limit);
}

const runs = Number(process.argv[2] ?? 10_000);
const within = await onBothForms(process.argv[3], (name, database, limit) => measure(name, database, runs, limit));
process.exitCode = within ? 0 : 1;
