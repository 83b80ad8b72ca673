// Readers that follow a run and stop reading, while its pictures go on; one reader among them goes on reading.
import { createRun } from '@tessera/db';
import { sleep } from '@tessera/protocol/testing';
import { encodeFrameMessage, topics } from '@tessera/wire';
import { Client } from '../support/client.ts';
import type { TestServer } from '../support/server.ts';
import { type AttackOptions, type AttackReport, heldMb, leftBehind, rssMb, settles } from './measure.ts';

const PICTURES_PER_SECOND = 30;
const QUERY =
  'subscription S($id: ID!) { runSteps(runId: $id, after: 0, maxFps: 30, frame: { size: 128 }) { __typename ... on FrameEvent { dataUrl } } }';

export interface ReadersReport extends AttackReport {
  /** Growth as a share of what the process had before. */
  readonly grownShare: number;
  /** Pictures that the reader who goes on reading was sent. */
  readonly seenByOthers: number;
}

/** `onProgress` hears seconds. */
export async function stalledReaders(
  world: TestServer,
  readers: number,
  seconds: number,
  { onProgress }: AttackOptions = {},
): Promise<ReadersReport> {
  const runId = await someRun(world);
  const open = async () => {
    const client = await Client.connect(world.port);
    client.subscribe('1', QUERY, { id: runId.global });
    return client;
  };
  const stalled = await Promise.all(Array.from({ length: readers }, open));
  const honest = await open();
  let seenByOthers = 0;
  honest.ws.on('message', (data) => {
    if (String(data).includes('FrameEvent')) seenByOthers += 1;
    // What is kept here would count as the server's.
    honest.messages.length = 0;
  });
  for (const client of stalled) client.ws.pause();
  let seq = 0;
  const publishFor = async (span: number) => {
    const begun = performance.now();
    const pictures = span * PICTURES_PER_SECOND;
    for (let i = 0; i < pictures; i++) {
      await publishPicture(world, runId.local, ++seq);
      // By the clock: timers alone run late and would make the minutes longer.
      await sleep(Math.max(0, begun + ((i + 1) * 1_000) / PICTURES_PER_SECOND - performance.now()));
      if (seq % PICTURES_PER_SECOND === 0) onProgress?.(seq / PICTURES_PER_SECOND);
    }
  };
  // Kernel buffers fill first: what grows afterwards is ours.
  await publishFor(Math.max(1, Math.ceil(seconds / 20)));
  const before = rssMb();
  const held = heldMb();
  await publishFor(seconds);
  const grownMb = Math.max(rssMb() - before, heldMb() - held);
  const clients = [...stalled, honest];
  for (const client of clients) client.close();
  await settles(Promise.all(clients.map(({ closed }) => closed)), 60_000);
  const leaked = await leftBehind(world);
  return { attempts: readers, leaked, grownMb, grownShare: grownMb / before, seenByOthers };
}

const PICTURE = new Uint8Array(20_000).fill(7);

async function publishPicture({ server }: TestServer, runId: string, seq: number): Promise<void> {
  const sha256 = `${seq}`.padStart(64, '0');
  await server.services.bus.live.publish(topics.run(runId), {
    kind: 'latest',
    key: 'frame',
    data: encodeFrameMessage({ runId, seq, format: 'webp', size: 128, bytes: PICTURE, sha256 }),
  });
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
