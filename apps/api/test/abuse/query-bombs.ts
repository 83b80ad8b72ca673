// Documents that ask for too much, in turn over WebSocket and HTTP; no two are the same.
import { randomOf } from '@tessera/protocol/testing';
import { Client } from '../support/client.ts';
import { BOMB_KINDS, bomb } from '../support/documents.ts';
import type { TestServer } from '../support/server.ts';
import type { AttackOptions } from './measure.ts';

/** Documents before those that are timed: the figure is that of a warm server. */
const WARM = 200;

export interface BombsReport {
  readonly attempts: number;
  readonly refused: number;
  /** ms until a document was refused, of 99 in 100, by transport. */
  readonly socketP99: number;
  readonly httpP99: number;
}

export async function queryBombs(
  world: TestServer,
  count: number,
  seed: number,
  { onProgress }: AttackOptions = {},
): Promise<BombsReport> {
  const random = randomOf(seed);
  const client = await Client.connect(world.port);
  const times = { socket: [] as number[], http: [] as number[] };
  let refused = 0;
  const send = async (query: string, overHttp: boolean): Promise<boolean> => {
    if (overHttp) return (await world.query({ query })).body.errors !== undefined;
    const [answer] = await client.run(query);
    client.messages.length = 0;
    return answer?.type === 'error';
  };
  for (let i = 0; i < WARM + count; i++) {
    // The comment keeps the server from remembering its last answer.
    const query = `${bomb(i % BOMB_KINDS, random)} # ${i}`;
    const overHttp = Math.floor(i / BOMB_KINDS) % 2 === 1;
    const start = performance.now();
    if (await send(query, overHttp)) refused += 1;
    if (i < WARM) continue;
    times[overHttp ? 'http' : 'socket'].push(performance.now() - start);
    onProgress?.(i + 1 - WARM);
  }
  client.close();
  return { attempts: WARM + count, refused, socketP99: p99(times.socket), httpP99: p99(times.http) };
}

const p99 = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)]!;
