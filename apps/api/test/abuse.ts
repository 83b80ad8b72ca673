// npm run abuse -w apps/api -- [--full] [--seed N]: attacks on a real server, counted; the tests run the small counts.
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { createRun } from '@tessera/db';
import { encodeFrameMessage, topics } from '@tessera/wire';
import { WebSocket } from 'ws';
import { Client } from './support/client.ts';
import { BOMB_KINDS, bomb, randomOf } from './support/documents.ts';
import { startTestServer, type TestServer } from './support/server.ts';

export interface AbuseReport {
  readonly attempts: number;
  /** Subscribers of the live channel and sockets that were left behind. */
  readonly leaked: number;
  /** Growth of this process while it went on, in MB. */
  readonly grownMb: number;
}

const RSS_MB = () => process.memoryUsage.rss() / 1e6;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function leftBehind({ server }: TestServer): Promise<number> {
  const live = server.services.bus.live;
  // Closing is told after the socket is gone.
  for (let i = 0; i < 6_000 && live.stats().subscribers > 0; i++) await pause(10);
  return live.stats().subscribers;
}

/** What a hostile client may send: right and wrong messages in any order, torn JSON, ids that are in use. */
function randomMessage(random: () => number, workspaceId: string): string | Buffer {
  const id = `${Math.floor(random() * 4)}`;
  const watch = { query: `subscription { workspaceChanged(workspaceId: "${workspaceId}") { id } }` };
  const choices = [
    () => JSON.stringify({ type: 'connection_init', payload: random() < 0.5 ? {} : { token: 'x', share: 7 } }),
    () => JSON.stringify({ type: 'subscribe', id, payload: watch }),
    () => JSON.stringify({ type: 'subscribe', id, payload: { query: '{ viewer { kind } }' } }),
    () => JSON.stringify({ type: 'subscribe', id, payload: { query: 'subscription {', variables: [] } }),
    () => JSON.stringify({ type: 'subscribe', id: random() < 0.5 ? '' : 7, payload: {} }),
    () => JSON.stringify({ type: 'complete', id }),
    () => JSON.stringify({ type: random() < 0.5 ? 'ping' : 'pong', payload: { n: random() } }),
    () => JSON.stringify({ type: ['next', 'error', 'connection_ack', '__proto__'][Math.floor(random() * 4)], id }),
    () => JSON.stringify({ type: 'subscribe', id, payload: watch }).slice(0, Math.floor(random() * 60)),
    () => Buffer.from(Array.from({ length: 1 + Math.floor(random() * 40) }, () => Math.floor(random() * 256))),
  ];
  return choices[Math.floor(random() * choices.length)]!();
}

/** Sequences of random frames on sockets that leave whenever they like. */
export async function randomFrames(world: TestServer, sequences: number, seed: number): Promise<AbuseReport> {
  const random = randomOf(seed);
  const { body } = await world.query({ query: '{ viewer { workspaces { id } } }' });
  const workspaceId = body.data.viewer.workspaces[0].id as string;
  const before = RSS_MB();
  const one = async () => {
    const client = new Client(world.port);
    await Promise.race([once(client.ws, 'open'), client.closed]);
    // Most begin honestly: deeper states are reached that way.
    if (random() < 0.7 && client.ws.readyState === WebSocket.OPEN) client.send({ type: 'connection_init' });
    const count = Math.floor(random() * 12);
    for (let i = 0; i < count && client.ws.readyState === WebSocket.OPEN; i++) {
      client.ws.send(randomMessage(random, workspaceId));
      if (random() < 0.3) await pause(random() * 3);
    }
    if (random() < 0.5) client.ws.close();
    else client.close();
    await client.closed;
  };
  for (let done = 0; done < sequences; done += 20) {
    await Promise.all(Array.from({ length: Math.min(20, sequences - done) }, one));
  }
  return { attempts: sequences, leaked: await leftBehind(world), grownMb: RSS_MB() - before };
}

/** Sockets without a token that send as much as they can and stay. */
export async function hostileSockets(
  world: TestServer,
  count: number,
): Promise<AbuseReport & { readonly refused: number }> {
  const before = RSS_MB();
  let refused = 0;
  const sockets = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const client = new Client(world.port);
      client.ws.once('unexpected-response', () => {
        refused += 1;
        client.close();
      });
      await Promise.race([once(client.ws, 'open').catch(() => undefined), client.closed]);
      if (client.ws.readyState !== WebSocket.OPEN) return client;
      // A frame of 60 kB that stays one byte short, or many small messages.
      const raw = (client.ws as unknown as { readonly _socket: NodeJS.WritableStream })._socket;
      if (i % 2 === 0)
        raw.write(Buffer.concat([Buffer.from([0x81, 0xfe, 0xea, 0x60, 1, 2, 3, 4]), Buffer.alloc(59_999)]));
      else for (let k = 0; k < 30; k++) client.send({ type: 'ping' });
      return client;
    }),
  );
  await pause(300);
  const grownMb = RSS_MB() - before;
  for (const client of sockets) client.close();
  await Promise.all(sockets.map(({ closed }) => closed));
  return { attempts: count, leaked: await leftBehind(world), grownMb, refused };
}

/** Documents that ask for too much: times in ms until each was refused. */
export async function bombs(
  world: TestServer,
  count: number,
  seed: number,
): Promise<{ readonly refused: number; readonly p99: number }> {
  const random = randomOf(seed);
  const client = await Client.connect(world.port);
  const times: number[] = [];
  let refused = 0;
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    const [answer] = await client.run(bomb(i % BOMB_KINDS, random), undefined, `b${i}`);
    times.push(performance.now() - start);
    if (answer?.type === 'error') refused += 1;
    client.messages.length = 0;
  }
  client.close();
  times.sort((a, b) => a - b);
  return { refused, p99: times[Math.floor(times.length * 0.99)]! };
}

/** Readers that follow a run and stop reading, while pictures go on. */
export async function stalledReaders(
  world: TestServer,
  readers: number,
  seconds: number,
): Promise<AbuseReport & { readonly seenByOthers: number }> {
  const runId = await someRun(world);
  const query =
    'subscription S($id: ID!) { runSteps(runId: $id, after: 0, maxFps: 30, frame: { size: 128 }) { __typename ... on FrameEvent { dataUrl } } }';
  const open = async () => {
    const client = await Client.connect(world.port);
    client.subscribe('1', query, { id: runId.global });
    return client;
  };
  const stalled = await Promise.all(Array.from({ length: readers }, open));
  const honest = await open();
  for (const client of stalled) client.ws.pause();
  const bytes = new Uint8Array(20_000).fill(7);
  const publish = (seq: number) => {
    const message = {
      runId: runId.local,
      seq,
      format: 'webp',
      size: 128,
      bytes,
      sha256: `${seq}`.padStart(64, '0'),
    } as const;
    return world.server.services.bus.live.publish(topics.run(runId.local), {
      kind: 'latest',
      key: 'frame',
      data: encodeFrameMessage(message),
    });
  };
  // Kernel buffers fill first: what grows afterwards is ours.
  let seq = 0;
  for (; seq < 30; seq++) await publish(seq + 1).then(() => pause(33));
  global.gc?.();
  const before = RSS_MB();
  const end = seq + seconds * 30;
  for (; seq < end; seq++) await publish(seq + 1).then(() => pause(33));
  global.gc?.();
  const grownMb = RSS_MB() - before;
  const seenByOthers = honest.messages.filter(({ payload }) => JSON.stringify(payload)?.includes('FrameEvent')).length;
  for (const client of [...stalled, honest]) client.close();
  await Promise.all([...stalled, honest].map(({ closed }) => closed));
  return { attempts: readers, leaked: await leftBehind(world), grownMb, seenByOthers };
}

/** A run that waits for ever: there is no worker. */
async function someRun({ database }: TestServer): Promise<{ readonly global: string; readonly local: string }> {
  const { id: workspaceId } = await database.client.workspace.findFirstOrThrow();
  const { id } = await createRun(database, {
    workspaceId,
    userId: 'local',
    config: {},
    prompts: ['a fox'],
    tokenizer: 'pocket-32',
    tokens: { kind: 'indices', positions: 32 },
    iterations: 20_000,
  });
  return { local: id, global: Buffer.from(`Run:${id}`).toString('base64') };
}

const LIMITS = {
  requestsPerMinute: 1e9,
  requestsPerMinutePerAddress: 1e9,
  socketsPerUser: 1_000,
  socketsPerAddress: 300,
};
export const ABUSE_ENVIRONMENT = { TESSERA_LIMITS: JSON.stringify(LIMITS) };

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { full: { type: 'boolean' }, seed: { type: 'string' } } });
  const seed = Number(values.seed ?? 20261123);
  const size = (small: number, full: number) => (values.full ? full : small);
  await using world = await startTestServer(ABUSE_ENVIRONMENT);
  console.log(`seed ${seed}`);
  console.table({
    'random frame sequences': await randomFrames(world, size(1_000, 100_000), seed),
    'hostile sockets': await hostileSockets(world, 1_000),
    'stalled readers': await stalledReaders(world, size(50, 200), size(10, 300)),
    'query bombs': await bombs(world, size(1_000, 10_000), seed),
  });
}

if (process.argv[1]?.endsWith('abuse.ts')) await main();
