// The examples as somebody would run them, against a server as `npm start` runs it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const STEPS = 12;

let folder: string;
let server: ChildProcess;
let origin: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-examples-'));
  server = spawn(process.execPath, ['--import', 'tsx', 'apps/api/src/main.ts'], {
    cwd: root,
    env: { ...process.env, TESSERA_DATA: folder, TESSERA_PORT: '0', TESSERA_PAGE: 'off', TESSERA_LOG: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  origin = await new Promise((resolve, reject) => {
    let said = '';
    server.stdout!.on('data', (chunk: Buffer) => {
      said += chunk;
      const address = /ready at (http:\S+)/.exec(said)?.[1];
      if (address) resolve(address);
    });
    server.once('exit', (code) => reject(new Error(`The server ended with ${code} before it was ready: ${said}`)));
  });
}, 120_000);

afterAll(async () => {
  if (server.exitCode === null) {
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await gone;
  }
  rmSync(folder, { recursive: true, force: true });
});

const run = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  spawnSync(command, args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...env }, timeout: 120_000 });

describe('examples', () => {
  it('follow-a-run.ts shows every step of the run that it started', { timeout: 130_000 }, () => {
    const { stdout, stderr, status } = run(process.execPath, [
      '--import',
      'tsx',
      'examples/follow-a-run.ts',
      origin,
      'a panda on a beach',
      `${STEPS}`,
    ]);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const seqs = Array.from(stdout.matchAll(/^ +(\d+) {2}-?\d\.\d{4} {2}[#.]{32}$/gm), ([, seq]) => Number(seq));
    expect(seqs).toEqual(Array.from({ length: STEPS }, (_, i) => i + 1));
    expect(stdout).toContain('completed');
    expect(stdout).toContain(`${STEPS} steps.`);
  });

  it('follow-a-run.ts says in one line what the server refuses', () => {
    const { stderr, status } = run(process.execPath, ['--import', 'tsx', 'examples/follow-a-run.ts', origin, '']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/Error: .*prompt/);
  });

  const python = ['python3', '/usr/bin/python3'].find(
    (command) => run(command, ['-c', 'import websockets, matplotlib, numpy']).status === 0,
  );

  it.skipIf(!python)('token-history.ipynb plots the run that it started', { timeout: 130_000 }, () => {
    const plot = join(folder, 'plot.png');
    const { stdout, stderr, status } = run(python!, ['examples/test/run-notebook.py', 'examples/token-history.ipynb'], {
      TESSERA_ORIGIN: origin,
      TESSERA_STEPS: `${STEPS}`,
      TESSERA_PLOT: plot,
    });
    expect(`${status} ${stderr}`).toMatch(/^0 /);
    expect(stdout).toContain(`${STEPS} steps, loss`);
    expect(stdout).toMatch(/Position \d+ changed most/);
    expect(readFileSync(plot).subarray(1, 4).toString()).toBe('PNG');
  });
});
