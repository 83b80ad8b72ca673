// A private PostgreSQL for a test run: TESSERA_TEST_POSTGRES, or a cluster from installed binaries in a temporary folder.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

export interface PrivatePostgres {
  /** URL of a new, empty database. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** A string says why there is none, for the test to print. */
export async function startPostgres(): Promise<PrivatePostgres | string> {
  const url = process.env.TESSERA_TEST_POSTGRES;
  if (url) return databasesOf(url, async () => undefined);
  const binaries = findBinaries();
  if (!binaries) return 'no PostgreSQL: set TESSERA_TEST_POSTGRES to a URL, or install postgresql-15';
  return startCluster(binaries);
}

function findBinaries(): string | undefined {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return undefined;
  const versions = readdirSync(root).filter((name) => existsSync(join(root, name, 'bin', 'initdb')));
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? undefined : join(root, newest, 'bin');
}

async function startCluster(binaries: string): Promise<PrivatePostgres | string> {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-pg-'));
  const user = unprivileged();
  if (user === undefined) return 'PostgreSQL does not run as root, and there is no user postgres';
  if (user !== 'self') chownSync(folder, user.uid, user.gid);
  const as = user === 'self' ? {} : user;
  const data = join(folder, 'data');
  const options = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
  execFileSync(join(binaries, 'initdb'), options, { ...as, cwd: folder, stdio: 'pipe' });
  const settings = ['listen_addresses=', 'fsync=off', 'max_connections=60'].flatMap((setting) => ['-c', setting]);
  const server = spawn(join(binaries, 'postgres'), ['-D', data, '-k', folder, ...settings], {
    ...as,
    cwd: folder,
    stdio: 'ignore',
  });
  const kill = () => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    if (server.exitCode === null) {
      const exited = once(server, 'exit');
      server.kill('SIGINT');
      await exited;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`;
  await waitFor(url);
  return databasesOf(url, stop);
}

/** Who may run PostgreSQL: ourselves, unless we are root. */
function unprivileged(): { uid: number; gid: number } | 'self' | undefined {
  if (process.getuid?.() !== 0) return 'self';
  const line = readFileSync('/etc/passwd', 'utf8').match(/^postgres:[^:]*:(\d+):(\d+):/m);
  return line ? { uid: Number(line[1]), gid: Number(line[2]) } : undefined;
}

async function waitFor(url: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      return await client.end();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function databasesOf(url: string, stop: () => Promise<void>): PrivatePostgres {
  let count = 0;
  return {
    stop,
    async createDatabase() {
      const name = `tessera_test_${process.pid}_${Date.now()}_${count++}`;
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      const own = new URL(url);
      own.pathname = `/${name}`;
      return own.href;
    },
  };
}
