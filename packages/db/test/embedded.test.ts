// The embedded database around its edges: one process per directory, kill -9, backup and restore, the event loop.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lockDirectory } from '../src/embedded/lock.ts';
import {
  BackupError,
  backupDirectory,
  createWorkspace,
  type Database,
  DataDirectoryInUseError,
  listRuns,
  openDatabase,
  readSteps,
  restoreBackup,
  UnavailableError,
} from '../src/index.ts';
import { testTemplate } from '../src/testing.ts';
import { stepsOf } from './steps-of.ts';

/** More on demand: every round starts a process and a database. */
const KILL_ROUNDS = Number(process.env.TESSERA_KILL_ROUNDS ?? 2);
const folder = mkdtempSync(join(tmpdir(), 'tessera-db-test-'));
const directory = join(folder, 'data');
const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A process that opens the directory and appends steps to one run, printing each step that was acknowledged. */
function writer(): { child: ChildProcess; lines: AsyncIterator<string> } {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const script = fileURLToPath(new URL('./writer.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', tsx, script, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return { child, lines: linesOf(child) };
}

async function* linesOf(child: ChildProcess): AsyncGenerator<string, undefined> {
  let rest = '';
  for await (const chunk of child.stdout!) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  return undefined;
}

/** Kills it and reads to the end what it printed, without which its output would not close. The last step among that. */
async function killed(child: ChildProcess, lines: AsyncIterator<string>): Promise<number | undefined> {
  child.kill('SIGKILL');
  let last: number | undefined;
  for (let next = await lines.next(); !next.done; next = await lines.next()) last = Number(next.value);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return last;
}

describe('a data directory', () => {
  let database: Database;
  beforeAll(async () => {
    // From the template by way of a restore: quicker than initdb.
    writeFileSync(join(folder, 'template.gz'), gzipSync(await testTemplate(), { level: 1 }));
    await restoreBackup(join(folder, 'template.gz'), directory);
  }, 120_000);

  test('a backup while another process writes has every step that was acknowledged before', async () => {
    const file = join(folder, 'live.gz');
    const { child, lines } = writer();
    for (let seen = 0; seen < 3; seen++) await lines.next();
    await backupDirectory(directory, file);
    // It was not stopped: it goes on writing.
    expect(Number((await lines.next()).value)).toBeGreaterThanOrEqual(3);
    await killed(child, lines);
    const target = join(folder, 'live');
    await restoreBackup(file, target);
    await using restored = await openDatabase({ dataDirectory: target });
    const workspace = await restored.client.workspace.findFirstOrThrow();
    const [run] = (await listRuns(restored, workspace.id, {}, {})).edges;
    const steps = (await readSteps(restored, workspace.id, run!.node.id)).map(({ step }) => step);
    expect(steps).toEqual(Array.from({ length: steps.length }, (_, i) => i));
    expect(steps.length).toBeGreaterThanOrEqual(3);
  }, 120_000);

  test('a directory whose process gives no backup is told', async () => {
    const locked = join(folder, 'locked');
    const lock = await lockDirectory(locked);
    await expect(backupDirectory(locked, join(folder, 'none.gz'))).rejects.toThrow(BackupError);
    await lock.release();
  });

  test('kill -9 loses no acknowledged step, and leaves no lock', async () => {
    let acknowledged = -1;
    for (let round = 0; round < KILL_ROUNDS; round++) {
      const { child, lines } = writer();
      const wanted = 4 + round * 3;
      for (let seen = 0; seen < wanted; seen++) {
        const { value, done } = await lines.next();
        if (done) throw new Error('the writer ended early');
        acknowledged = Number(value);
      }
      // What it acknowledged while it died counts as well.
      acknowledged = (await killed(child, lines)) ?? acknowledged;
    }
    database = await openDatabase({ dataDirectory: directory });
    const workspace = await database.client.workspace.findFirstOrThrow();
    const [run] = (await listRuns(database, workspace.id, {}, {})).edges;
    const steps = await readSteps(database, workspace.id, run!.node.id);
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: steps.length }, (_, i) => i));
    expect(steps.length).toBeGreaterThan(acknowledged);
    const sent = stepsOf({ count: steps.length });
    expect(steps.map(({ tokens }) => tokens)).toEqual(sent.map(({ tokens }) => tokens));
  }, 120_000);

  test('a second process is refused, and so is this one, until it is closed', async () => {
    await expect(openDatabase({ dataDirectory: directory })).rejects.toThrow(DataDirectoryInUseError);
    const { lines } = writer();
    expect((await lines.next()).value).toBe('DataDirectoryInUseError');
    expect((await database.health()).ok).toBe(true);
  });

  test('a backup is restored whole, into an empty directory only', async () => {
    const file = join(folder, 'backup.gz');
    await database.backup(file);
    await createWorkspace(database, {
      name: 'after',
      slug: 'after-the-backup',
      ownerId: (await database.client.user.findFirstOrThrow()).id,
    });
    const target = join(folder, 'restored');
    await restoreBackup(file, target);
    await expect(restoreBackup(file, target)).rejects.toThrow(BackupError);
    await expect(restoreBackup(file, directory)).rejects.toThrow(DataDirectoryInUseError);
    await using restored = await openDatabase({ dataDirectory: target });
    const count = (of: Database) => of.client.stepBatch.count();
    expect(await count(restored)).toBe(await count(database));
    expect(await restored.client.workspace.count()).toBe((await database.client.workspace.count()) - 1);
  }, 120_000);

  test('what is no backup is refused', async () => {
    const file = join(folder, 'nonsense');
    writeFileSync(file, 'nonsense');
    await expect(restoreBackup(file, join(folder, 'x'))).rejects.toThrow(BackupError);
    await expect(restoreBackup(join(folder, 'none'), join(folder, 'x'))).rejects.toThrow(BackupError);
  });

  test('the event loop stays free while the database is busy', async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 5);
    await database.client.$queryRaw`SELECT count(*)::int FROM generate_series(1, 3000000) a`;
    clearInterval(timer);
    // In-process the loop would stand still for the whole statement.
    expect(turns).toBeGreaterThan(5);
  });

  test('closed, it answers with our error, and its directory is free', async () => {
    await database.close();
    await database.close();
    expect((await database.health()).ok).toBe(false);
    await expect(listRuns(database, 'w', {}, {})).rejects.toThrow(UnavailableError);
    // Its lock is free again: what stops this restore is the database that is there.
    await expect(restoreBackup(join(folder, 'backup.gz'), directory)).rejects.toThrow(BackupError);
  });
});
