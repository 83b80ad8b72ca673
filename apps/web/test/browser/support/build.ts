// Builds the page once, however many test files begin at the same time.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** ms after which a lock is one that a killed process left behind. */
const STALE_MS = 10 * 60_000;

/**
 * Under a second where nothing has changed: turbo knows from a hash of the sources. Whoever names a build of its own with
 * TESSERA_PAGE_BUILD has built it.
 */
export async function ensureBuilt(root: string): Promise<void> {
  if (process.env.TESSERA_PAGE_BUILD) return;
  const lock = join(tmpdir(), `tessera-build-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`);
  const stamp = `${lock}.pid`;
  await take(lock);
  try {
    // Once per run of the tests: a second build would write under a server that reads.
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === String(process.ppid)) return;
    const build = spawn(
      'npx',
      ['--no-install', 'turbo', 'run', 'build', '--filter=@tessera/web', '--output-logs=errors-only'],
      {
        cwd: root,
        env: {
          ...process.env,
          NODE_ENV: 'production',
          TURBO_TELEMETRY_DISABLED: '1',
          NEXT_TELEMETRY_DISABLED: '1',
          TURBO_UI: 'false',
        },
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    const [code] = await once(build, 'exit');
    if (code !== 0) throw new Error(`The page could not be built (${code}); the reasons are above.`);
    writeFileSync(stamp, String(process.ppid));
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** A folder is made by exactly one. */
async function take(lock: string): Promise<void> {
  for (;;) {
    try {
      mkdirSync(lock);
      return;
    } catch {
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > STALE_MS) rmSync(lock, { recursive: true, force: true });
      else await sleep(200);
    }
  }
}
