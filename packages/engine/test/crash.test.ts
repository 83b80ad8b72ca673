// ONNX Runtime dying under a run: an error of the run, and a checkpoint from which another goes on.
import { expect, it } from 'vitest';
import type { Checkpoint } from '../src/index.ts';
import { smallPlan } from '../src/testing.ts';
import { finish, openEngine } from './support.ts';

it('fails the run when the child process is killed, and the next run resumes in a new one', async () => {
  await using engine = await openEngine('child');
  const whole = await finish(engine, smallPlan());
  const abort = new AbortController();
  const { result } = await finish(
    engine,
    smallPlan(),
    { signal: abort.signal },
    ({ step }) => step === 1 && abort.abort(),
  );
  const from: Checkpoint = result.checkpoint;
  const run = engine.optimise(from.plan, { from });
  await run.next();
  process.kill((await engine.runtime.stats()).pid, 'SIGKILL');
  await expect(run.next()).rejects.toMatchObject({ code: 'ENGINE_CRASHED' });
  const rest = await finish(engine, from.plan, { from });
  expect(rest.events).toEqual(whole.events.slice(2));
  expect(engine.runtime.restarts).toBe(1);
});
