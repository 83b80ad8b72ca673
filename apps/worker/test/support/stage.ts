// A database, a bus and an engine that the tests of a file share, and workers on them.
import { type Bus, openBus } from '@tessera/bus';
import { type Database, openDatabase } from '@tessera/db';
import { openTestDatabase, startPostgres } from '@tessera/db/testing';
import type { Engine } from '@tessera/engine';
import { pino } from 'pino';
import { startWorker, type Worker, type WorkerOptions } from '../../src/index.ts';
import { openTestEngine } from './engine.ts';
import { startRedis } from './redis.ts';
import { makeWorld, type World } from './world.ts';

export interface Stage extends AsyncDisposable {
  readonly database: Database;
  readonly bus: Bus;
  readonly engine: Engine;
  readonly world: World;
  worker(options?: Partial<WorkerOptions>): Promise<Worker>;
}

export interface Services {
  readonly database: Database;
  readonly bus: Bus;
  /** For processes of their own. */
  readonly urls?: { readonly database: string; readonly redis: string };
  close(): Promise<void>;
}

/** Opening a database, a bus and an engine on a busy machine. */
export const HOOK_MS = 240_000;

/** Runs are silent unless TESSERA_TEST_LOG names a level. */
export const testLog = pino({ level: process.env.TESSERA_TEST_LOG ?? 'silent' });

export async function embedded(): Promise<Services> {
  const database = await openTestDatabase();
  const bus = await openBus();
  return {
    ...{ database, bus },
    async close() {
      await bus[Symbol.asyncDispose]();
      await database.close();
    },
  };
}

/** A string says what is missing on this machine. */
export async function scaledOut(): Promise<Services | string> {
  const postgres = await startPostgres();
  if (typeof postgres === 'string') return postgres;
  const redis = await startRedis();
  if (typeof redis === 'string') {
    await postgres.stop();
    return redis;
  }
  const urls = { database: await postgres.createDatabase(), redis: redis.url };
  const database = await openDatabase({ url: urls.database, connections: 6 });
  const bus = await openBus({ redisUrl: urls.redis });
  return {
    ...{ database, bus, urls },
    async close() {
      await bus[Symbol.asyncDispose]();
      await database.close();
      await redis.stop();
      await postgres.stop();
    },
  };
}

export async function openStage(services: Services): Promise<Stage> {
  const { database, bus } = services;
  const engine = await openTestEngine();
  return {
    ...{ database, bus, engine, world: await makeWorld(database) },
    worker: (options = {}) =>
      startWorker({ ...{ database, bus, log: testLog }, devices: [{ engine }], preload: [], ...options }),
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await services.close();
    },
  };
}
