// npm run bench:history -w apps/api -- [runs] [embedded|server]: the history queries through GraphQL over HTTP, as the page asks.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase, setRole } from '@tessera/db';
import { type Filled, fill, TOKENIZERS } from '@tessera/db/bench';
import { startPostgres } from '@tessera/db/testing';
import { randomOf } from '@tessera/protocol/testing';
import { type Compute, type ModelSummary, serveCompute } from '@tessera/wire';
import { makeLog, readConfig, startServer } from '../src/index.ts';
import { graphql } from '../test/support/server.ts';
import { historyQueries, type Operation } from './history-queries.ts';

const SEED = 20_251_123;
const REPEATS = 60;
const WARM = 5;
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

/** True where every p95 is within `limit` ms. */
async function measureQueries(origin: string, filled: Filled, limit: number): Promise<boolean> {
  let cursor = '';
  const queries = historyQueries(filled, randomOf(SEED), TOKENIZERS[0], () => cursor);
  cursor = (await ask(origin, queries['runs: newest first']!())).workspace.runs.pageInfo.endCursor;
  console.log(`${'query'.padEnd(44)}${'p50 ms'.padStart(9)}${'p95 ms'.padStart(9)}${'max ms'.padStart(9)}`);
  let within = true;
  for (const [name, make] of Object.entries(queries)) {
    const times: number[] = [];
    for (let i = 0; i < REPEATS + WARM; i++) {
      const operation = make();
      const from = performance.now();
      await ask(origin, operation);
      if (i >= WARM) times.push(performance.now() - from);
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
    const over = at(0.95) > limit;
    within &&= !over;
    const row = [at(0.5), at(0.95), at(1)].map((ms) => ms.toFixed(1).padStart(9)).join('');
    console.log(`${name.padEnd(44)}${row}${over ? `   over ${limit} ms` : ''}`);
  }
  return within;
}

async function measure(name: string, database: Database, runs: number, limit: number): Promise<boolean> {
  const filled = await fill(database, runs, SEED);
  const folder = mkdtempSync(join(tmpdir(), 'tessera-bench-'));
  const config = readConfig({
    TESSERA_PORT: '0',
    TESSERA_DATA: folder,
    TESSERA_PAGE: 'off',
    TESSERA_WORKER: 'off',
    TESSERA_LOG: 'silent',
    TESSERA_LIMITS: JSON.stringify(LIMITS),
  });
  const server = await startServer(config, makeLog(config), { database });
  try {
    const origin = `http://127.0.0.1:${server.port}`;
    const { viewer } = await ask(origin, { query: '{ viewer { user { id } } }', variables: {} });
    const userId = Buffer.from(viewer.user.id, 'base64').toString().split(':')[1]!;
    await setRole(database, filled.workspaceId, userId, 'viewer');
    // A worker that embeds at once: what is measured is the search.
    const answers: Partial<Compute> = {
      models: async () => models,
      embedTexts: async (_, texts) => texts.map(() => filled.feature()),
    };
    await using _worker = serveCompute(server.services.bus.calls, answers as Compute);
    console.log(`\n${name}: ${runs} runs, through GraphQL over HTTP`);
    return await measureQueries(origin, filled, limit);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
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
