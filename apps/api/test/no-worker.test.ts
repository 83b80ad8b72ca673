// Without a worker: what needs one is refused at once with a word, and runs wait in the queue once their models are known.
import { type Compute, type ModelSummary, serveCompute } from '@tessera/wire';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from './support/server.ts';

let world: TestServer;
let sessionId: string;
beforeAll(async () => {
  world = await startTestServer();
  const query = '{ viewer { workspaces { sessions(first: 1) { nodes { id } } } } }';
  sessionId = (await world.query({ query })).body.data.viewer.workspaces[0].sessions.nodes[0].id;
}, 120_000);
afterAll(() => world?.[Symbol.asyncDispose]());

async function start({ query: ask }: TestServer = world) {
  const query =
    'mutation S($i: StartRunInput!) { startRun(input: $i) { run { status queuePosition { ahead } } problem { code message } } }';
  const { body } = await ask({ query, variables: { i: { sessionId } } });
  return body.data.startRun;
}

const model = (id: string, kind: ModelSummary['kind']): ModelSummary => ({
  id,
  kind,
  name: id,
  family: 'toy',
  licence: 'MIT',
  bytes: 0,
  embedded: true,
  installed: true,
  imageSize: 64,
  ...(kind === 'tokenizer' && { positions: 32, codebookSize: 64, channels: 12 }),
});
const models = async () => [
  model('pocket-32', 'tokenizer'),
  model('pocket-clip', 'encoder'),
  model('pocket-siglip', 'encoder'),
];

it('a run is refused while no worker was ever heard, and waits in the queue for one that has left', async () => {
  expect(await start()).toMatchObject({
    run: null,
    problem: { code: 'UNAVAILABLE', message: expect.stringContaining('No worker is connected') },
  });
  const { body } = await world.query({ query: '{ models { id } }' });
  expect(body.errors[0]).toMatchObject({ extensions: { code: 'UNAVAILABLE' } });
  const worker = serveCompute(world.server.services.bus.calls, { models } as Partial<Compute> as Compute);
  expect(await start()).toEqual({ run: { status: 'QUEUED', queuePosition: { ahead: 0 } }, problem: null });
  await worker.close();
  // Nobody asks anew before ten seconds are over.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
  const later = await start();
  vi.useRealTimers();
  expect(later).toEqual({ run: { status: 'QUEUED', queuePosition: { ahead: 1 } }, problem: null });
  // What the models are outlives the process.
  await using again = await startTestServer({}, world.database);
  expect(await start(again)).toMatchObject({ run: { status: 'QUEUED' }, problem: null });
}, 120_000);
