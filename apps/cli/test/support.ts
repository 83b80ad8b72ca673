// Runs the real command as a child process and checks how it ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect } from 'vitest';

const BIN = fileURLToPath(new URL('../bin/tessera.mjs', import.meta.url));
export const SEEDS = fileURLToPath(new URL('../assets/seeds/', import.meta.url));
export const FOX = join(SEEDS, 'fox-beach-day.png');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves when standard output holds `text`; rejects when the command ends before. */
  says(text: string): Promise<void>;
}

/** A folder for one test file, removed afterwards. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Where {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** A file descriptor to take standard output instead of us. */
  readonly stdout?: number;
}

export function start(args: readonly string[], { cwd, env, stdout }: Where = {}): Running {
  const { npm_lifecycle_event: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [BIN, ...args], {
    ...(cwd && { cwd }),
    env: { ...inherited, ...env },
    stdio: ['ignore', stdout ?? 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  const heard = new Set<() => void>();
  child.stdout?.on('data', (part: Buffer) => {
    said.stdout += part.toString();
    for (const listen of heard) listen();
  });
  child.stderr?.on('data', (part: Buffer) => {
    said.stderr += part.toString();
  });
  const finished = new Promise<Finished>((resolve) => child.once('close', (code) => resolve({ code, ...said })));
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const listen = () => said.stdout.includes(text) && resolve();
      heard.add(listen);
      listen();
      void finished.then(({ stderr }) => reject(new Error(`it ended before it said ${text}: ${stderr}`)));
    });
  return { child, finished, says };
}

export function tessera(args: readonly string[], where?: Where): Promise<Finished> {
  return start(args, where).finished;
}

/** Runs a command that must succeed. */
export async function succeed(args: readonly string[], where?: Where): Promise<Finished> {
  const result = await tessera(args, where);
  expect(result.code, result.stderr).toBe(0);
  return result;
}

/** The one line of a failure; fails on a stack trace or on more than one line. */
export function faultLine({ stderr }: Finished): string {
  expect(stderr).not.toMatch(/^\s+at .*[:/]/m);
  const lines = stderr.split('\n').filter((line) => line.startsWith('tessera: '));
  expect(lines, stderr).toHaveLength(1);
  return lines[0]!;
}

/** The objects of --json output. */
export function jsonLines({ stdout }: Finished): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
