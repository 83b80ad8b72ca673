// Ctrl-C, a second Ctrl-C, SIGTERM, and an engine process that dies.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { decodeNpz } from '@tessera/media';
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
    const settings = ['--iterations', '60', '--crops', '1', '--json'];
    const run = start(edit(...settings, '--out', 'part.png'), { cwd });
    await run.says('"step":1');
    run.child.kill('SIGINT');
    const stopped = await run.finished;
    expect(stopped.code).toBe(130);
    expect(faultLine(stopped)).toMatch(
      /stopped at step \d+ of 60.*tessera edit .* --resume part.checkpoint.safetensors/,
    );
    const { steps, status } = jsonLines(stopped).at(-1) as { steps: number; status: string };
    expect(status).toBe('cancelled');
    expect(steps).toBeLessThan(60);

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
  const killEngine = async (...more: string[]) => {
    const run = start(edit(...ENDLESS, ...more), { cwd });
    await run.says('"step":2');
    const children = childrenOf(run.child.pid!);
    expect(children.length).toBeGreaterThan(0);
    for (const pid of children) process.kill(pid, 'SIGKILL');
    return run.finished;
  };

  it('is one line and an exit code; state, tokens and pictures are kept, and the run can go on', async () => {
    const result = await killEngine('--out', 'killed.png', '--tokens', 'killed.npz');
    expect(result.code).toBe(7);
    const line = faultLine(result);
    expect(line).toContain('signal SIGKILL');
    expect(line).toMatch(/the \d+ steps so far are kept: go on with tessera edit .* --resume killed.checkpoint.safet/);
    const paths = ['killed.png', 'killed.npz', 'killed.checkpoint.safetensors'];
    const error = jsonLines(result).at(-1)!;
    expect(error).toMatchObject({ type: 'error', kind: 'EngineCrashedError', exitCode: 7 });
    expect((error.files as { path: string }[]).map(({ path }) => path)).toEqual(paths);
    expect(readdirSync(cwd).filter((name) => name.includes('killed'))).toEqual(paths.toSorted());

    const steps = Number(/the (\d+) steps/.exec(line)![1]);
    expect(decodeNpz(read('killed.npz')).get('indices')?.shape).toEqual([steps, 32]);
    await succeed(['replay', 'killed.png', '--out', 'killed2.png', '--provider', 'cpu'], { cwd });
    expect(read('killed2.png').equals(read('killed.png'))).toBe(true);
    const more = ['--iterations', String(steps + 1), '--out', 'later.png', '--json'];
    const resumed = jsonLines(await succeed(['edit', '--resume', paths[2]!, ...more], { cwd }));
    expect(resumed.map(({ step }) => step)).toEqual([steps, undefined]);
  });
});

describe('results that cannot all be written', () => {
  const few = ['--iterations', '2', '--crops', '1', '--json'];

  it('an encoder that fails costs only its animation', async () => {
    // It has the encoder, and fails when it is to use it.
    writeFileSync(
      join(cwd, 'ffmpeg'),
      "#!/bin/sh\necho ' V..... libx264'\ncase $* in *encoders*) exit 0;; esac\nexit 1\n",
      { mode: 0o755 },
    );
    const result = await start(edit(...few, '--mp4', '--sheet', '--tokens', 'm.json', '--out', 'm.png'), {
      cwd,
      env: { TESSERA_FFMPEG: join(cwd, 'ffmpeg') },
    }).finished;
    expect(result.code).toBe(6);
    expect(faultLine(result)).toContain('the other results are written (m.png, m-sheet.png, m.json)');
    expect(readdirSync(cwd).filter((name) => name.startsWith('m'))).toEqual(['m-sheet.png', 'm.json', 'm.png']);
  });

  it.skipIf(!existsSync('/dev/full'))('a full disk under the result leaves state and tokens', async () => {
    const result = await start(edit(...few, '--tokens', 'full.json', '--out', '/dev/full'), { cwd }).finished;
    expect(result.code).toBe(6);
    expect(faultLine(result)).toMatch(
      /the disk is full.*the 2 steps so far are kept: go on with .* --resume .*fox-beach/,
    );
    const { files } = jsonLines(result).at(-1) as { files: { kind: string; path: string }[] };
    expect(files.map(({ kind }) => kind)).toEqual(['tokens', 'checkpoint']);
    for (const { path } of files) expect(existsSync(resolve(cwd, path))).toBe(true);
  });

  it.skipIf(!existsSync('/dev/full'))('a checkpoint that cannot be written in mid-run goes elsewhere', async () => {
    const every = ['--checkpoint', '/dev/full', '--checkpoint-every', '1', '--out', 'elsewhere.png'];
    const result = await start(edit(...few, ...every), { cwd }).finished;
    expect(result.code).toBe(6);
    expect(faultLine(result)).toMatch(/the 1 steps so far are kept: .* --resume elsewhere.checkpoint.safetensors/);
    expect(existsSync(join(cwd, 'elsewhere.png'))).toBe(true);
  });
});
