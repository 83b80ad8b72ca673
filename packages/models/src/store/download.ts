// Brings one file from the hub to the disk: resumes, checks its hash, and gives it its name only when it is right.
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DiskFullError, DownloadCutError, HashMismatchError, HubError, OfflineError } from './errors.ts';
import { type Hub, RangeRefusedError, type RemoteFile } from './hub.ts';
import type { PullLimits } from './limits.ts';

export interface DownloadJob {
  readonly hub: Hub;
  readonly repo: string;
  readonly commit: string;
  readonly file: RemoteFile;
  /** Final path. */
  readonly target: string;
  readonly limits: PullLimits;
  readonly signal?: AbortSignal;
  /** Called with the bytes of this file on disk so far. */
  readonly onBytes?: (received: number) => void;
  /** Called before the whole file is hashed. */
  readonly onCheck?: () => void;
}

export interface HashOptions {
  readonly signal?: AbortSignal;
  /** Called with the bytes that were hashed so far. */
  readonly onBytes?: (hashed: number) => void;
}

/**
 * Downloads into `.NAME.HASH.part` beside the target, so that bytes of another version are never continued.
 * @returns SHA-256 of the file
 * @throws HashMismatchError (the part is deleted), DownloadCutError, OfflineError, DiskFullError (the part is kept), hub errors
 */
export async function download(job: DownloadJob): Promise<string> {
  const { file, target, limits } = job;
  const part = partPath(target, file);
  await mkdir(dirname(target), { recursive: true });
  let received = await sizeOf(part);
  if (received > file.bytes) received = await discard(part);
  for (let failures = 0, restarts = 0; received < file.bytes; ) {
    job.onBytes?.(received);
    try {
      received = await append(job, part, received);
    } catch (error) {
      const now = await sizeOf(part);
      failures = now > received ? 1 : failures + 1;
      received = error instanceof RangeRefusedError ? await discard(part) : now;
      if (error instanceof RangeRefusedError) restarts++;
      if (!isPassing(error)) throw error;
      if (failures >= limits.attempts || restarts >= limits.attempts)
        throw error instanceof OfflineError && received === 0
          ? error
          : new DownloadCutError(file.path, received, file.bytes, Math.max(failures, restarts), error);
      await sleep(limits.retryMs * 2 ** (failures - 1), undefined, job.signal ? { signal: job.signal } : {});
    }
  }
  job.onBytes?.(received);
  return finish(part, job);
}

export function partPath(target: string, file: RemoteFile): string {
  const version = (file.sha256 ?? file.gitId ?? String(file.bytes)).slice(0, 16);
  return join(dirname(target), `.${basename(target)}.${version}.part`);
}

/** SHA-256 of a file, streamed. */
export async function hashFile(path: string, o: HashOptions = {}): Promise<string> {
  return (await digest(path, createHash('sha256'), o)).digest('hex');
}

async function digest(path: string, hash: Hash, { signal, onBytes }: HashOptions): Promise<Hash> {
  let hashed = 0;
  for await (const chunk of createReadStream(path, signal ? { signal } : {}) as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
    hashed += chunk.byteLength;
    onBytes?.(hashed);
  }
  return hash;
}

/** Bytes of a file; 0 when there is none. */
export async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (s) => s.size,
    () => 0,
  );
}

async function discard(part: string): Promise<0> {
  await rm(part, { force: true });
  return 0;
}

/** Errors after which another attempt may succeed. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof OfflineError ||
    error instanceof RangeRefusedError ||
    (error instanceof HubError && (error.status === 429 || error.status >= 500))
  );
}

/** One attempt: appends what the server sends until the file is whole. Silence counts as a cut. */
async function append(
  { hub, repo, commit, file, limits, signal, onBytes }: DownloadJob,
  part: string,
  from: number,
): Promise<number> {
  const stall = new AbortController();
  const watch = setTimeout(() => stall.abort(new OfflineError('the model hub', 'no data', undefined)), limits.stallMs);
  let received = from;
  const out = await open(part, 'a');
  try {
    for await (const chunk of hub.bytes(
      repo,
      commit,
      file,
      from,
      signal ? AbortSignal.any([signal, stall.signal]) : stall.signal,
    )) {
      watch.refresh();
      const room = file.bytes - received;
      await out.writeFile(chunk.byteLength > room ? chunk.subarray(0, room) : chunk);
      received += Math.min(chunk.byteLength, room);
      onBytes?.(received);
      if (received === file.bytes) break;
    }
    await out.datasync();
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT'))
      throw new DiskFullError(dirname(part), file.bytes - received);
    throw error;
  } finally {
    clearTimeout(watch);
    await out.close();
  }
  if (received < file.bytes) throw new OfflineError('the model hub', 'the connection closed early', undefined);
  return received;
}

/** Checks the whole part against what the hub promised, then renames it. */
async function finish(part: string, { file, target, signal, onCheck }: DownloadJob): Promise<string> {
  if (file.bytes === 0) await (await open(part, 'a')).close();
  onCheck?.();
  const stop = signal ? { signal } : {};
  const sha256 = await hashFile(part, stop);
  const mismatch = async (expected: string, found: string, against: string) => {
    await discard(part);
    return new HashMismatchError(file.path, expected, found, against);
  };
  if (file.sha256 && file.sha256 !== sha256) throw await mismatch(file.sha256, sha256, 'SHA-256 of the hub');
  if (file.gitId) {
    const gitId = (await digest(part, createHash('sha1').update(`blob ${file.bytes}\0`), stop)).digest('hex');
    if (gitId !== file.gitId) throw await mismatch(file.gitId, gitId, 'Git id of the hub');
  }
  await rename(part, target);
  return sha256;
}
