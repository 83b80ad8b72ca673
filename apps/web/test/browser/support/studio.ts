// A studio for a test file: the built page and the real server with a fresh embedded database, pocket model and worker.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build.ts';

const SERVE = fileURLToPath(new URL('serve.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../../../', import.meta.url));

export interface Studio extends AsyncDisposable {
  /** `http://localhost:41234` */
  readonly address: string;
  /** Fills the history with copies of a finished run. `runId` without its type. */
  copyRun(runId: string, count: number): Promise<void>;
}

/** Builds the page where its sources have changed since the last build. */
export async function startStudio(environment: Readonly<Record<string, string>> = {}): Promise<Studio> {
  await ensureBuilt(ROOT);
  const folder = mkdtempSync(join(tmpdir(), 'tessera-page-'));
  const child = spawn(process.execPath, ['--import', 'tsx', SERVE], {
    cwd: ROOT,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      TESSERA_PORT: '0',
      TESSERA_DATA: folder,
      TESSERA_LOG: 'error',
      // Several pages of one test ask more than one person does.
      TESSERA_LIMITS: '{"requestsPerMinute": 20000, "requestsPerMinutePerAddress": 20000}',
      ...environment,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = linesOf(child);
  const address = (await lines.next('ready ')).slice('ready '.length);
  return {
    address,
    async copyRun(runId, count) {
      const answer = lines.next('copied', 'failed');
      child.stdin?.write(`copy ${runId} ${count}\n`);
      const line = await answer;
      if (line !== 'copied') throw new Error(line);
    },
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit');
      child.stdin?.end();
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The next line of its output that begins with one of some words. @throws when it ends before */
function linesOf(child: ChildProcess) {
  const waiting = new Set<(line: string | null) => void>();
  const tell = (line: string | null) => {
    for (const listener of waiting) listener(line);
  };
  createInterface({ input: child.stdout! }).on('line', tell);
  child.on('exit', () => tell(null));
  return {
    next: (...starts: readonly string[]) =>
      new Promise<string>((resolve, reject) => {
        const listener = (line: string | null) => {
          if (line === null) reject(new Error('The server ended; its words are above.'));
          else if (starts.some((start) => line.startsWith(start))) {
            waiting.delete(listener);
            resolve(line);
          }
        };
        waiting.add(listener);
      }),
  };
}
