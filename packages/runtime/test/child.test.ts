// The engine process: crashes, restarts, signals, and what is left behind. Quotes the rules of PROTOCOL.md.
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { EngineConnection, startEngine } from '../src/child/connection.ts';
import { launchEngine } from '../src/child/launch.ts';
import { loadRemoteSession } from '../src/child/remote-session.ts';
import {
  ENGINE_LIMITS,
  EngineCrashedError,
  openRuntime,
  type Runtime,
  RuntimeClosedError,
  tensor,
} from '../src/index.ts';
import { failure } from './contract.ts';
import { doubleModel, seeded, slowFeeds, slowModel } from './graphs.ts';

const one = { x: tensor('float32', [1], Float32Array.of(1)) };
const open: Runtime[] = [];

async function childRuntime(limits: Parameters<typeof openRuntime>[0] = {}): Promise<Runtime> {
  const runtime = await openRuntime({ provider: 'cpu', process: 'child', threads: 1, ...limits });
  open.push(runtime);
  return runtime;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((runtime) => runtime[Symbol.asyncDispose]()));
});

/** Waits until a process is gone; a zombie counts as still there. */
async function gone(pid: number, ms = 60_000): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(20)) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
  }
  return false;
}

describe('crash and restart', () => {
  const seed = 4711;
  it(`P14, P15: 20 rounds of kill -9 at random moments (seed ${seed})`, { timeout: 600_000 }, async () => {
    const random = seeded(seed);
    const exitListeners = process.listenerCount('exit');
    const runtime = await childRuntime();
    const model = slowModel(30);
    const pids: number[] = [];
    for (let round = 0; round < 20; round++) {
      const session = await runtime.load(model);
      const { pid } = await runtime.stats();
      pids.push(pid);
      const calls = [session.run(slowFeeds), session.run(slowFeeds), runtime.stats(), runtime.load(model)];
      const settled = Promise.allSettled(calls);
      await sleep(random() * 60);
      process.kill(pid, 'SIGKILL');
      const results = await settled;
      for (const result of results) {
        if (result.status === 'fulfilled') continue;
        expect(result.reason).toBeInstanceOf(EngineCrashedError);
        expect(result.reason).toMatchObject({
          code: 'ENGINE_CRASHED',
          signal: 'SIGKILL',
          exitCode: null,
          requested: false,
        });
      }
      // Two runs of 8 GFLOP do not fit in the longest wait, so the last call was always cut off.
      expect(results.at(-1)!.status).toBe('rejected');
      expect(await failure(session.run(slowFeeds))).toBeInstanceOf(EngineCrashedError);
      expect(await failure(runtime.stats())).toBeInstanceOf(EngineCrashedError);
      await session[Symbol.asyncDispose]();
      expect(runtime.restarts).toBe(round);
      // One finished run between two deaths: no back-off.
      const fresh = await runtime.load(doubleModel(1));
      expect((await fresh.run(one)).y!.data[0]).toBe(2);
      expect(runtime.restarts).toBe(round + 1);
    }
    for (const pid of pids) expect(await gone(pid)).toBe(true);
    expect(new Set(pids).size).toBe(20);
    await runtime[Symbol.asyncDispose]();
    expect(process.listenerCount('exit')).toBe(exitListeners);
  });

  it('P14: an abort carries its signal, and the message is one line with a cure', async () => {
    const runtime = await childRuntime();
    const session = await runtime.load(slowModel(200));
    const { pid } = await runtime.stats();
    const call = failure(session.run(slowFeeds));
    await sleep(30);
    process.kill(pid, 'SIGABRT');
    const error = await call;
    expect(error).toMatchObject({ name: 'EngineCrashedError', signal: 'SIGABRT' });
    expect(error.message).toMatch(/^The engine process ended unexpectedly \(signal SIGABRT\).*load the model again/);
  });

  it('P14: quotes the last lines of stderr and the exit code', async () => {
    const child = launchEngine();
    const engine = await new EngineConnection(child, { ...ENGINE_LIMITS, stderrLines: 2 }).start();
    // A message that is no request makes the child throw outside its own error handling.
    child.send(null as unknown as object);
    await expect.poll(() => engine.fault).toBeInstanceOf(EngineCrashedError);
    expect(engine.fault).toMatchObject({ exitCode: 1, signal: null });
    expect((engine.fault as EngineCrashedError).stderr).toHaveLength(2);
  });

  it('P15: waits longer with each death in a row, and starts over after a finished run', async () => {
    const crash = async (runtime: Runtime) => {
      const { pid } = await runtime.stats();
      process.kill(pid, 'SIGKILL');
      await expect.poll(() => failure(runtime.stats()).catch(() => undefined)).toBeInstanceOf(EngineCrashedError);
    };
    const patient = await childRuntime({ limits: { backoffBaseMs: 1000, backoffMaxMs: 1000 } });
    await crash(patient);
    await patient.load(doubleModel(1));
    await crash(patient);
    const start = performance.now();
    const session = await patient.load(doubleModel(1));
    expect(performance.now() - start).toBeGreaterThan(990);
    await session.run(one);
    await crash(patient);
    await patient.load(doubleModel(1));
    expect(patient.restarts).toBe(3);

    // With finished runs between the deaths it never waits, or it would wait for an hour.
    const hour = 3_600_000;
    const lucky = await childRuntime({ limits: { backoffBaseMs: hour, backoffMaxMs: hour } });
    for (let deaths = 0; deaths < 3; deaths++) {
      await (await lucky.load(doubleModel(1))).run(one);
      await crash(lucky);
    }
    await lucky.load(doubleModel(1));
    expect(lucky.restarts).toBe(3);
  });

  it('shares one restart among the loads that wait for it', async () => {
    const runtime = await childRuntime();
    await runtime.kill();
    const sessions = await Promise.all([1, 2, 3].map((n) => runtime.load(doubleModel(n))));
    expect(runtime.restarts).toBe(1);
    expect((await sessions[0]!.run(one)).y!.data[0]).toBe(2);
  });

  it('kill() in mid-run ends the child at once; its calls say that it was asked for', async () => {
    const runtime = await childRuntime();
    const session = await runtime.load(slowModel(200));
    const { pid } = await runtime.stats();
    const call = failure(session.run(slowFeeds));
    await sleep(50);
    await runtime.kill();
    // Had it waited for the run, the call would have its answer.
    expect(await call).toMatchObject({ name: 'EngineCrashedError', requested: true });
    expect(await gone(pid)).toBe(true);
  });

  it('a dispose during a restart leaves no process', async () => {
    const runtime = await childRuntime();
    await runtime.kill();
    const load = failure(runtime.load(doubleModel(1)));
    await runtime[Symbol.asyncDispose]();
    expect((await load).name).toBe('RuntimeClosedError');
    expect(childProcesses()).toEqual([]);
  });
});

describe('protocol', () => {
  it('P2: a child that does not say hello in time is killed, and opening fails', async () => {
    const error = await failure(openRuntime({ provider: 'cpu', process: 'child', limits: { startTimeoutMs: 1 } }));
    expect(error).toMatchObject({ name: 'EngineCrashedError', signal: 'SIGKILL' });
    expect(error.message).toContain('did not start within 1 ms');
    expect(childProcesses()).toEqual([]);
  });

  it('P7, P8: unknown sessions', async () => {
    const engine = await startEngine(ENGINE_LIMITS);
    expect(await engine.request('release', { session: 999_999 })).toBeNull();
    expect(await failure(engine.request('run', { session: 999_999, feeds: {} }))).toMatchObject({
      code: 'SESSION_CLOSED',
    });
    await engine[Symbol.asyncDispose]();
  });

  it('P4, P5, P6: many sessions at once, each call with its own answer', async () => {
    const runtime = await childRuntime();
    const sessions = await Promise.all([1, 2, 3, 4].map(() => runtime.load(doubleModel(1))));
    const answers = await Promise.all(
      Array.from({ length: 80 }, async (_, i) => {
        const { y } = await sessions[i % 4]!.run({ x: tensor('float32', [1], Float32Array.of(i)) });
        return y!.data[0];
      }),
    );
    expect(answers).toEqual(Array.from({ length: 80 }, (_, i) => 2 * i));
  });

  it('P10: close finishes queued runs and exits with status 0', async () => {
    const child = launchEngine();
    const engine = await new EngineConnection(child, ENGINE_LIMITS).start();
    const session = await loadRemoteSession(engine, 'cpu', slowModel(3));
    const runs = [session.run(slowFeeds), session.run(slowFeeds)];
    await engine[Symbol.asyncDispose]();
    expect(await Promise.all(runs)).toHaveLength(2);
    expect(child.exitCode).toBe(0);
  });

  it('P10: a child that does not finish in time is killed, and its calls learn that the runtime was closed', async () => {
    const runtime = await childRuntime({ limits: { closeTimeoutMs: 100 } });
    const session = await runtime.load(slowModel(400));
    const { pid } = await runtime.stats();
    const call = failure(session.run(slowFeeds));
    await runtime[Symbol.asyncDispose]();
    expect(await call).toBeInstanceOf(RuntimeClosedError);
    expect(await gone(pid)).toBe(true);
  });

  it('P12: SIGINT and SIGTERM do not end the child, which has a process group of its own', async () => {
    const runtime = await childRuntime();
    const session = await runtime.load(doubleModel(1));
    const { pid } = await runtime.stats();
    process.kill(pid, 'SIGINT');
    process.kill(pid, 'SIGTERM');
    expect((await session.run(one)).y!.data[0]).toBe(2);
    expect(runtime.restarts).toBe(0);
    if (existsSync('/proc/self/stat')) expect(processGroup(pid)).toBe(pid);
  });
});

/** Engine processes that this one has started and that are still there, zombies included. Linux only, elsewhere none. */
function childProcesses(): number[] {
  const file = `/proc/self/task/${process.pid}/children`;
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split(' ')
    .filter((pid) => pid !== '')
    .map(Number)
    .filter((pid) => processGroup(pid) === pid);
}

function processGroup(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[2]);
}
