// A whole server on a free port, with a fresh database in memory: nothing of it is a stand-in.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '@tessera/db';
import { openTestDatabase } from '@tessera/db/testing';
import { makeLog, type RunningServer, readConfig, startServer } from '../../src/index.ts';

export interface TestServer extends AsyncDisposable {
  readonly server: RunningServer;
  readonly port: number;
  readonly database: Database;
  readonly origin: string;
  /** A GraphQL request over HTTP. */
  query(body: object, headers?: Readonly<Record<string, string>>): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by their tests
  readonly body: any;
}

/** @param given a database of the caller's, who closes it */
export async function startTestServer(
  environment: Readonly<Record<string, string>> = {},
  given?: Database,
): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-api-'));
  const database = given ?? (await openTestDatabase());
  const config = readConfig({
    TESSERA_PORT: '0',
    TESSERA_DATA: folder,
    TESSERA_PAGE: 'off',
    TESSERA_WORKER: 'off',
    TESSERA_LOG: 'silent',
    ...environment,
  });
  const server = await startServer(config, makeLog(config), { database });
  const origin = `http://127.0.0.1:${server.port}`;
  return {
    server,
    port: server.port,
    database,
    origin,
    query: (body, headers) => graphql(origin, body, headers),
    async [Symbol.asyncDispose]() {
      await server.close();
      if (!given) await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function graphql(
  origin: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}
