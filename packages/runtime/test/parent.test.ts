// What becomes of the engine process when its parent ends, in each of the ways a parent can.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const fixture = fileURLToPath(new URL('./parent-fixture.ts', import.meta.url));

async function parent(way: string, afterPid?: (pid: number) => void) {
  const started = spawn(process.execPath, ['--import', 'tsx', fixture, way], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  started.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (afterPid !== undefined && output.includes('\n')) afterPid(started.pid!);
  });
  const code = await new Promise((resolve) => started.once('close', (status, signal) => resolve(status ?? signal)));
  const [pid, ...rest] = output.trim().split('\n');
  return { code, child: Number(pid), rest };
}

async function gone(pid: number): Promise<boolean> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(20)) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
  }
  return false;
}

it('P13: an idle runtime that was not disposed does not keep its parent alive', async () => {
  const { code, child } = await parent('idle');
  expect(code).toBe(0);
  expect(await gone(child)).toBe(true);
});

it('P13: a waiting call does', async () => {
  const { code, child, rest } = await parent('waiting');
  expect({ code, rest }).toEqual({ code: 0, rest: ['512,512'] });
  expect(await gone(child)).toBe(true);
});

it('P11: process.exit in mid-run takes the child along and keeps its own status', async () => {
  const { code, child } = await parent('exit');
  expect(code).toBe(3);
  expect(await gone(child)).toBe(true);
});

it('P11: the child ends when its parent is killed', async () => {
  const { code, child } = await parent('die', (pid) => process.kill(pid, 'SIGKILL'));
  expect(code).toBe('SIGKILL');
  expect(await gone(child)).toBe(true);
});
