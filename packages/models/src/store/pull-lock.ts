// One pull per model at a time, over processes: a lock file that is renewed while its owner lives.
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface PullLock {
  release(): Promise<void>;
}

const pollMs = 100;

/**
 * Waits until this process holds the folder's lock. A lock whose owner gave no sign of life for `staleMs` is taken over; process
 * ids are not looked at, they are reused and mean nothing on a network drive. Should two processes ever download at once all the
 * same, the hash check before a file gets its name still keeps bad bytes out.
 */
export async function acquirePullLock(folder: string, staleMs: number, signal?: AbortSignal): Promise<PullLock> {
  const file = join(folder, '.pull.lock');
  const token = randomUUID();
  while (!(await create(file, token))) {
    signal?.throwIfAborted();
    await takeOverIfStale(file, staleMs);
    await sleep(pollMs, undefined, signal ? { signal } : {});
  }
  const renewal = setInterval(() => {
    const now = new Date();
    // A failed renewal shows as a takeover by someone else, which the hash check survives.
    utimes(file, now, now).catch(() => {});
  }, staleMs / 6);
  renewal.unref();
  return {
    async release() {
      clearInterval(renewal);
      if ((await readFile(file, 'utf8').catch(() => '')) === token) await rm(file, { force: true });
    },
  };
}

async function create(file: string, token: string): Promise<boolean> {
  try {
    await writeFile(file, token, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function takeOverIfStale(file: string, staleMs: number): Promise<void> {
  try {
    const owner = await readFile(file, 'utf8');
    const { mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs < staleMs) return;
    // Renaming is the step only one process can win; if the winner was not the stale owner's file, it is put back.
    const aside = `${file}.${randomUUID()}`;
    await rename(file, aside);
    if ((await readFile(aside, 'utf8')) !== owner) await link(aside, file).catch(() => {});
    await rm(aside, { force: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
