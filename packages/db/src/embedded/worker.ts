// The database thread: opens PGlite, migrates it, and serves it on a private socket until told to close.
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { applyMigrations } from '../migrate/apply.ts';
import { readMigrations } from '../migrate/files.ts';
import type { WorkerMessage, WorkerOptions, WorkerRequest } from './messages.ts';

const port = parentPort!;
const say = (message: WorkerMessage) => port.postMessage(message);
const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

async function start({ folder, socket, archive }: WorkerOptions): Promise<void> {
  const database = await PGlite.create({
    dataDir: folder ?? 'memory://',
    ...(archive && { loadDataDir: new Blob([Uint8Array.from(archive)]) }),
  });
  const migrations = await applyMigrations(
    {
      execute: async (sql) => void (await database.exec(sql)),
      query: async (sql, values) => (await database.query<Record<string, unknown>>(sql, values)).rows,
    },
    readMigrations(),
  );
  // More than one connection corrupts the protocol's state.
  const server = socket ? new PGLiteSocketServer({ db: database, path: socket, maxConnections: 1 }) : undefined;
  await server?.start();
  port.on('message', async (request: WorkerRequest) => {
    try {
      switch (request.type) {
        case 'dump': {
          const dump = await database.dumpDataDir('none');
          return say({ type: 'answer', id: request.id, bytes: new Uint8Array(await dump.arrayBuffer()) });
        }
        case 'close':
          await server?.stop();
          await database.close();
          say({ type: 'answer', id: request.id });
          return port.close();
      }
    } catch (error) {
      say({ type: 'refused', id: request.id, message: wordsOf(error) });
    }
  });
  say({ type: 'ready', migrations });
}

start(workerData as WorkerOptions).catch((error: unknown) => say({ type: 'failed', message: wordsOf(error) }));
