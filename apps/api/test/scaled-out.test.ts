// The scaled-out form from Debian's packages: two api processes and a worker on one PostgreSQL and one Redis.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@tessera/db/testing';
import { expect, it } from 'vitest';
import { noPrivateRedis, RedisServer } from '../../../packages/bus/test/redis-server.ts';
import { Client } from './support/client.ts';
import { startProcess } from './support/process.ts';
import { graphql } from './support/server.ts';

const postgres = noPrivateRedis ?? (await startPostgres());
const missing = typeof postgres === 'string' ? postgres : undefined;
if (missing) console.warn(`skipped: ${missing}`);

const STEPS =
  'subscription S($id: ID!) { runSteps(runId: $id, after: 0) { __typename seq ... on StatusEvent { status } } }';

it.skipIf(missing)(
  'a run started at one api is computed by the worker and followed at the other',
  async () => {
    if (typeof postgres === 'string') return;
    await using redis = await RedisServer.start();
    const folder = mkdtempSync(join(tmpdir(), 'tessera-scaled-'));
    const shared = {
      DATABASE_URL: await postgres.createDatabase(),
      REDIS_URL: redis.socket,
      TESSERA_SECRET: 'only for this test: 32 characters and more',
      TESSERA_DATA: folder,
      TESSERA_WORKER: 'off',
    };
    const started = await Promise.all([
      startProcess(shared),
      startProcess(shared),
      startProcess(shared, { file: '../worker/src/main.ts', ready: 'worker started' }),
    ]);
    try {
      const [first, second] = started;
      const look = '{ viewer { workspaces { sessions(first: 5) { nodes { id } } } } }';
      const { workspaces } = (await graphql(first.origin, { query: look })).body.data.viewer;
      // Both made the first start at once: one studio came of it.
      expect(workspaces).toHaveLength(1);
      expect(workspaces[0].sessions.nodes).toHaveLength(1);
      const sessionId = workspaces[0].sessions.nodes[0].id;
      await graphql(first.origin, {
        query: 'mutation E($i: EditSessionInput!) { editSession(input: $i) { problem { message } } }',
        variables: { i: { sessionId, settings: { iterations: 5 } } },
      });
      const { startRun } = (
        await graphql(first.origin, {
          query: 'mutation S($i: StartRunInput!) { startRun(input: $i) { run { id } problem { message } } }',
          variables: { i: { sessionId } },
        })
      ).body.data;
      expect(startRun.problem).toBeNull();
      const client = await Client.connect(second.port);
      const messages = await client.run(STEPS, { id: startRun.run.id });
      const events = messages.flatMap(({ type, payload }) =>
        type === 'next'
          ? [(payload as { data: { runSteps: { __typename: string; seq: number; status?: string } } }).data.runSteps]
          : [],
      );
      expect(events.filter((e) => e.__typename === 'StepEvent').map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
      expect(events.at(-1)?.status).toBe('COMPLETED');
      client.close();
      const picture = (
        await graphql(second.origin, {
          query: 'query R($id: ID!) { run(id: $id) { picture(step: 2, size: 64) { url } } }',
          variables: { id: startRun.run.id },
        })
      ).body.data.run.picture;
      // A ticket of one process opens at the other: they share the secret.
      expect((await fetch(first.origin + picture.url)).status).toBe(200);
      for (const one of started) expect(await one.end('SIGTERM')).toBe(0);
    } finally {
      await Promise.all(started.map((one) => one.end('SIGKILL')));
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  280_000,
);
