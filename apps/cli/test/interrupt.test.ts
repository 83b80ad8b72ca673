// Ctrl-C, a second Ctrl-C, SIGTERM, and an engine process that dies.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FOX, faultLine, jsonLines, start, succeed, temporaryFolder } from './support.ts';

const cwd = temporaryFolder();
const read = (name: string) => readFileSync(join(cwd, name));
const edit = (...more: string[]) => ['edit', FOX, '--prompt', 'a fox at night', '--provider', 'cpu', ...more];
const ENDLESS = ['--iterations', '20000', '--crops', '1', '--json'];

/** Process ids of the children of a process. */
function childrenOf(pid: number): number[] {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks)
    .flatMap((task) => readFileSync(`${tasks}/${task}/children`, 'utf8').trim().split(' '))
    .filter(Boolean)
    .map(Number);
}

describe('Ctrl-C', () => {
  it('keeps the result so far; resumed, the run ends as if it had never stopped', async () => {
    const settings = ['--iterations', '9', '--crops', '1', '--json'];
    const run = start(edit(...settings, '--out', 'part.png'), { cwd });
    await run.says('"step":1');
    run.child.kill('SIGINT');
    const stopped = await run.finished;
    expect(stopped.code).toBe(130);
    expect(faultLine(stopped)).toMatch(
      /stopped at step \d+ of 9.*tessera edit .* --resume part.checkpoint.safetensors/,
    );
    const { steps, status } = jsonLines(stopped).at(-1) as { steps: number; status: string };
    expect(status).toBe('cancelled');
    expect(steps).toBeLessThan(9);

    await succeed(
      ['edit', '--resume', 'part.checkpoint.safetensors', '--out', 'whole.png', '--checkpoint', 'whole.safetensors'],
      { cwd },
    );
    // The second run also pauses at every fourth step to write its checkpoint.
    await succeed(
      edit(...settings, '--out', 'straight.png', '--checkpoint', 'straight.safetensors', '--checkpoint-every', '4'),
      { cwd },
    );
    expect(read('whole.safetensors').equals(read('straight.safetensors'))).toBe(true);
    expect(read('whole.png').equals(read('straight.png'))).toBe(true);

    await succeed(['replay', 'part.png', '--out', 'part2.png', '--provider', 'cpu'], { cwd });
    expect(read('part2.png').equals(read('part.png'))).toBe(true);
  });

  it('twice ends the program at once', async () => {
    const run = start(edit(...ENDLESS, '--out', 'twice.png'), { cwd });
    await run.says('"step":0');
    run.child.kill('SIGINT');
    run.child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 5));
    run.child.kill('SIGINT');
    expect((await run.finished).code).toBe(130);
  });

  it('SIGTERM keeps the result too', async () => {
    const run = start(edit(...ENDLESS, '--out', 'term.png'), { cwd });
    await run.says('"step":0');
    run.child.kill('SIGTERM');
    expect((await run.finished).code).toBe(143);
    expect(existsSync(join(cwd, 'term.png'))).toBe(true);
  });
});

describe.skipIf(process.platform !== 'linux')('a killed engine', () => {
  it('is one line, an exit code, and no half-written file', async () => {
    const run = start(edit(...ENDLESS, '--out', 'killed.png'), { cwd });
    await run.says('"step":1');
    const children = childrenOf(run.child.pid!);
    expect(children.length).toBeGreaterThan(0);
    for (const pid of children) process.kill(pid, 'SIGKILL');
    const result = await run.finished;
    expect(result.code).toBe(7);
    expect(faultLine(result)).toContain('signal SIGKILL');
    expect(jsonLines(result).at(-1)).toMatchObject({ type: 'error', kind: 'EngineCrashedError', exitCode: 7 });
    expect(readdirSync(cwd).filter((name) => name.includes('killed'))).toEqual([]);
  });
});
