// Attacks at CI size; `npm run abuse -w apps/api -- --full` runs the full counts.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ABUSE_ENVIRONMENT } from './abuse/environment.ts';
import { hostileSockets } from './abuse/hostile-sockets.ts';
import { queryBombs } from './abuse/query-bombs.ts';
import { randomFrames } from './abuse/random-frames.ts';
import { stalledReaders } from './abuse/stalled-readers.ts';
import { startTestServer, type TestServer } from './support/server.ts';

const seed = Number(process.env.TESSERA_ABUSE_SEED ?? Math.floor(Math.random() * 1e9));
let world: TestServer;

beforeAll(async () => {
  world = await startTestServer(ABUSE_ENVIRONMENT);
}, 120_000);
afterAll(() => world?.[Symbol.asyncDispose]());

it(`300 random frame sequences: nothing crashes, nothing is left behind (seed ${seed})`, async () => {
  expect(await randomFrames(world, 300, seed)).toMatchObject({ leaked: 0, stuck: [] });
  const { body } = await world.query({ query: '{ __typename }' });
  expect(body.data.__typename).toBe('Query');
}, 120_000);

it('1,000 hostile sockets before a token: refused beyond the limit of an address, under 50 MB', async () => {
  const { leaked, grownMb, refused } = await hostileSockets(world, 1_000);
  // Those that flood are closed, which makes room: how many are refused depends on the order.
  expect(refused).toBeGreaterThan(0);
  expect(leaked).toBe(0);
  expect(grownMb).toBeLessThan(50);
}, 120_000);

it('20 stalled readers of a run: memory stays, another reader gets its pictures', async () => {
  const { leaked, grownMb, seenByOthers } = await stalledReaders(world, 20, 3);
  expect(leaked).toBe(0);
  expect(seenByOthers).toBeGreaterThan(10);
  // 20 readers x 90 pictures of 27 kB are 48 MB.
  expect(grownMb).toBeLessThan(30);
}, 120_000);

it(`200 query bombs are refused (seed ${seed})`, async () => {
  const { attempts, refused } = await queryBombs(world, 200, seed);
  expect(refused).toBe(attempts);
}, 120_000);
