// npm run bench -w apps/api: a run on the embedded form while 200 subscribers follow it at 10 frames a second, and how soon
// documents that ask for too much are refused.
// Subscribers live in a process of their own, so that they do not slow the server they measure.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomOf } from '@tessera/protocol/testing';
import { encodeFrameMessage, topics } from '@tessera/wire';
import { makeLog, readConfig, startServer } from '../src/index.ts';
import { Client } from '../test/support/client.ts';
import { BOMB_KINDS, bomb } from '../test/support/documents.ts';
import { graphql } from '../test/support/server.ts';

const SUBSCRIBERS = 200;
/** Documents over a limit, and those before them that are not counted. */
const REFUSALS = 1_000;
const WARM = 100;
const SECONDS = Number(process.env.SECONDS ?? 20);
const LIMITS = {
  requestsPerMinute: 1e9,
  requestsPerMinutePerAddress: 1e9,
  socketsPerUser: 1_000,
  socketsPerAddress: 1_000,
};
const QUERY =
  'subscription S($id: ID!) { runSteps(runId: $id, after: 0, maxFps: 10, frame: { size: 128 }) { __typename ... on FrameEvent { seq sha256 dataUrl } } }';

const percentile = (times: number[], share: number) =>
  times.sort((a, b) => a - b)[Math.floor(times.length * share)] ?? NaN;

const round = (ms: number) => Math.round(ms * 10) / 10;

/** ms from sending a document over a limit to its refusal, on a warm server. @throws where one is let through */
async function refusals(origin: string): Promise<number[]> {
  const random = randomOf(1);
  const times: number[] = [];
  for (let i = 0; i < REFUSALS + WARM; i++) {
    const query = bomb(i % BOMB_KINDS, random);
    const begun = performance.now();
    const { body } = await graphql(origin, { query });
    if (i >= WARM) times.push(performance.now() - begun);
    if (!body.errors) throw new Error(`This was let through: ${query.slice(0, 200)}`);
  }
  return times;
}

/** The other process: opens subscribers and says how old each picture was when it came (both clocks are the machine's). */
async function subscribers(port: number, id: string): Promise<void> {
  const ages: number[] = [];
  const clients = await Promise.all(
    Array.from({ length: SUBSCRIBERS }, async () => {
      const client = await Client.connect(port);
      client.ws.on('message', (data) => {
        // The publisher puts its clock where the hash goes.
        const sent = /"sha256":"0*(\d+)"/.exec(String(data))?.[1];
        if (sent) ages.push(Date.now() - Number(sent));
        client.messages.length = 0;
      });
      client.subscribe('1', QUERY, { id });
      return client;
    }),
  );
  process.send!('ready');
  await once(process, 'message');
  for (const client of clients) client.close();
  process.send!({
    count: ages.length,
    p50: percentile(ages, 0.5),
    p95: percentile(ages, 0.95),
    p99: percentile(ages, 0.99),
  });
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-bench-'));
  const config = readConfig({
    TESSERA_PORT: '0',
    TESSERA_DATA: folder,
    TESSERA_PAGE: 'off',
    TESSERA_LOG: 'silent',
    TESSERA_LIMITS: JSON.stringify(LIMITS),
  });
  const server = await startServer(config, makeLog(config));
  const origin = `http://127.0.0.1:${server.port}`;
  const { body } = await graphql(origin, {
    query: '{ viewer { workspaces { sessions(first: 1) { nodes { id } } } } }',
  });
  const sessionId = body.data.viewer.workspaces[0].sessions.nodes[0].id as string;
  const start = async () => {
    const query = 'mutation S($i: StartRunInput!) { startRun(input: $i) { run { id } problem { message } } }';
    return (await graphql(origin, { query, variables: { i: { sessionId } } })).body.data.startRun.run.id as string;
  };
  /** ms from startRun to the first picture. */
  const firstPicture = async () => {
    const begun = performance.now();
    const client = await Client.connect(server.port);
    client.subscribe('1', QUERY, { id: await start() });
    await client.until(({ payload }) => JSON.stringify(payload ?? '').includes('dataUrl'));
    client.close();
    await graphql(origin, {
      query: 'mutation C($i: CancelMyRunsInput!) { cancelMyRuns(input: $i) { problem { message } } }',
      variables: { i: { workspaceId: await workspace() } },
    });
    return performance.now() - begun;
  };
  const workspace = async () =>
    (await graphql(origin, { query: '{ viewer { workspaces { id } } }' })).body.data.viewer.workspaces[0].id as string;

  await firstPicture();
  const refused = await refusals(origin);
  const first = [await firstPicture(), await firstPicture(), await firstPicture()];

  // One run computes; pictures of known age go over a second one's topic, 10 a second, as a worker publishes them.
  await start();
  const watched = await start();
  const child = fork(fileURLToPath(import.meta.url), [String(server.port), watched], { execArgv: ['--import', 'tsx'] });
  await once(child, 'message');
  const runId = Buffer.from(watched, 'base64').toString().split(':')[1]!;
  const bytes = new Uint8Array(3_300).fill(7);
  const end = Date.now() + SECONDS * 1_000;
  for (let seq = 1; Date.now() < end; seq++) {
    const message = {
      runId,
      seq,
      format: 'webp',
      size: 128,
      bytes,
      sha256: String(Date.now()).padStart(64, '0'),
    } as const;
    await server.services.bus.live.publish(topics.run(runId), {
      kind: 'latest',
      key: 'frame',
      data: encodeFrameMessage(message),
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.send('stop');
  const [report] = (await once(child, 'message')) as [object];
  child.disconnect();
  console.table({
    'refusal of a document over a limit, ms': {
      p50: round(percentile(refused, 0.5)),
      p95: round(percentile(refused, 0.95)),
      p99: round(percentile(refused, 0.99)),
    },
    'first picture, ms': { p50: Math.round(percentile(first, 0.5)) },
    [`pictures to ${SUBSCRIBERS} subscribers, ms`]: report,
  });
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}

const [port, id] = process.argv.slice(2);
if (process.send && port && id) await subscribers(Number(port), id);
else await main();
