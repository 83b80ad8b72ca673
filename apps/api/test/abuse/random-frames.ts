// Sequences of random frames on sockets that leave whenever they like.
import { once } from 'node:events';
import { randomOf, sleep } from '@tessera/protocol/testing';
import { WebSocket } from 'ws';
import { Client } from '../support/client.ts';
import type { TestServer } from '../support/server.ts';
import { type AttackOptions, type AttackReport, leftBehind, rssMb, settles } from './measure.ts';

/** Sequences at a time. */
const LANES = 20;
/** A socket that the server has not let go of within this time after its client left. */
const STUCK_MS = 30_000;

export interface FramesReport extends AttackReport {
  /** Seeds of sequences whose socket did not close. */
  readonly stuck: readonly number[];
}

/** The sequences of seeds `seed` to `seed + sequences - 1`. */
export async function randomFrames(
  world: TestServer,
  sequences: number,
  seed: number,
  { onProgress }: AttackOptions = {},
): Promise<FramesReport> {
  const { body } = await world.query({ query: '{ viewer { workspaces { id } } }' });
  const workspaceId = body.data.viewer.workspaces[0].id as string;
  const stuck: number[] = [];
  const before = rssMb();
  let begun = 0;
  let done = 0;
  const lane = async () => {
    while (begun < sequences) {
      const own = seed + begun++;
      if (!(await sequence(world.port, workspaceId, randomOf(own)))) stuck.push(own);
      onProgress?.(++done);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { attempts: sequences, stuck, leaked: await leftBehind(world), grownMb: rssMb() - before };
}

/** False where its socket did not close. */
async function sequence(port: number, workspaceId: string, random: () => number): Promise<boolean> {
  const client = new Client(port);
  await settles(Promise.race([once(client.ws, 'open').catch(() => undefined), client.closed]), STUCK_MS);
  // Most begin honestly: deeper states are reached that way.
  if (random() < 0.7 && client.ws.readyState === WebSocket.OPEN) client.send({ type: 'connection_init' });
  const count = Math.floor(random() * 12);
  for (let i = 0; i < count && client.ws.readyState === WebSocket.OPEN; i++) {
    client.ws.send(randomMessage(random, workspaceId));
    if (random() < 0.3) await sleep(random() * 3);
  }
  if (random() < 0.5) client.ws.close();
  else client.close();
  const closed = await settles(client.closed, STUCK_MS);
  if (!closed) client.close();
  return closed;
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
