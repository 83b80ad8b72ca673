// A run that ends every engine process fails with words; runs beside it go on.
import { getRun } from '@tessera/db';
import type { Tensor } from '@tessera/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FragileEngine } from './support/engine.ts';
import { follow } from './support/follow.ts';
import { embedded, HOOK_MS, openStage, type Stage } from './support/stage.ts';
import { smallPlan } from './support/world.ts';

let stage: Stage;
let engine: FragileEngine;
beforeAll(async () => {
  stage = await openStage(await embedded());
  engine = await FragileEngine.open();
}, HOOK_MS);
afterAll(async () => {
  await engine?.[Symbol.asyncDispose]();
  await stage?.[Symbol.asyncDispose]();
}, HOOK_MS);

/** A step of a run whose objective weighs a half, in whatever lane. */
const fatal = ({ weights }: Readonly<Record<string, Tensor>>) =>
  weights?.dtype === 'float32' && weights.data.some((weight) => weight === 0.5);

it('W10: fails the run that ends the engine again and again, not the one that shares its steps', async () => {
  engine.isFatal = fatal;
  await using _ = await stage.worker({ devices: [{ engine, lanes: 2 }] });
  const [clip] = smallPlan().objectives;
  const guilty = await stage.world.queue(smallPlan({ objectives: [{ ...clip!, weight: 0.5 }] }));
  const innocent = await stage.world.queue(smallPlan({ iterations: 8 }));
  await using seen = follow(stage.bus, guilty.id);
  await using other = follow(stage.bus, innocent.id);
  await stage.bus.queue.hint(guilty.id);
  await stage.bus.queue.hint(innocent.id);
  await Promise.all([seen.became('failed'), other.became('completed')]);
  const run = await getRun(stage.database, stage.world.workspaceId, guilty.id);
  expect(run.state).toMatchObject({
    error: { code: 'ENGINE_CRASHED', message: expect.stringMatching(/^The run ended the engine's process.*SIGKILL/) },
  });
  expect(engine.runtime.restarts).toBeGreaterThanOrEqual(3);
  expect(other.steps.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

it('keeps the steps of a run that fails later', async () => {
  const { objectives } = smallPlan();
  const plan = smallPlan({
    iterations: 8,
    objectives,
    steering: [{ step: 4, change: { objectives: [{ index: 0, weight: 0.5 }] } }],
  });
  engine.isFatal = fatal;
  await using _ = await stage.worker({ devices: [{ engine }] });
  const { id } = await stage.world.queue(plan);
  await stage.bus.queue.hint(id);
  await using seen = follow(stage.bus, id);
  await seen.became('failed');
  const run = await getRun(stage.database, stage.world.workspaceId, id);
  expect(run.nextStep).toBe(4);
  expect((await stage.world.steps(id)).length).toBe(4);
});
