// What runs begin with: pictures, masks, given tokens, other runs; and runs whose inputs are broken.
import { createMask, createSeed, deleteSeed, getRun, newId, putBlob } from '@tessera/db';
import { parseManifest, type RunPlanInput, startOf, type Target, type Tokens, targetHash } from '@tessera/engine';
import { encodeFrame, maskToSquare, type RgbFrame, readImage, toSquare } from '@tessera/media';
import type { RunOrigin } from '@tessera/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Worker } from '../src/index.ts';
import { essence, undisturbed } from './support/engine.ts';
import { follow } from './support/follow.ts';
import { embedded, HOOK_MS, openStage, type Stage } from './support/stage.ts';
import { smallPlan } from './support/world.ts';

let stage: Stage;
let worker: Worker;
beforeAll(async () => {
  stage = await openStage(await embedded());
  worker = await stage.worker();
}, HOOK_MS);
afterAll(async () => {
  await worker?.close();
  await stage?.[Symbol.asyncDispose]();
}, HOOK_MS);

const SIZE = { width: 48, height: 32 };

/** A warm disc on a cold gradient. */
const picture: RgbFrame = {
  ...SIZE,
  data: Uint8Array.from({ length: 48 * 32 * 3 }, (_, i) => {
    const [c, x, y] = [i % 3, Math.floor(i / 3) % 48, Math.floor(i / 144)];
    return Math.hypot(x - 24, y - 16) < 9 ? [230, 180, 50][c]! : [60, 90, 80 + 4 * y][c]!;
  }),
};

/** White, to be generated, in the middle. */
const hole: RgbFrame = {
  ...SIZE,
  data: Uint8Array.from({ length: 48 * 32 * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % 48, Math.floor(i / 144)];
    return Math.abs(x - 24) < 8 && Math.abs(y - 16) < 8 ? 255 : 0;
  }),
};

async function seedOf(bytes: Uint8Array): Promise<{ seedId: string; blobId: string }> {
  const { database, world } = stage;
  const { workspaceId, userId } = world;
  const { id: blobId } = await putBlob(database, workspaceId, bytes, 'image/png');
  const { id: seedId } = await createSeed(database, { workspaceId, userId, name: 'a disc', blobId, ...SIZE });
  return { seedId, blobId };
}

async function maskOf(seedId: string, frame: RgbFrame): Promise<string> {
  const { database, world } = stage;
  const { workspaceId, userId } = world;
  const { id: blobId } = await putBlob(database, workspaceId, await encodeFrame(frame, { format: 'png' }), 'image/png');
  const mask = { workspaceId, userId, seedId, name: 'a hole', blobId, ...SIZE };
  return (await createMask(database, mask)).id;
}

/** Queues a run and waits for its end. */
async function finished(
  change: Partial<RunPlanInput>,
  origin?: RunOrigin,
  over: { seedId?: string; maskId?: string; config?: object } = {},
) {
  const plan = smallPlan({ iterations: 6, ...change });
  const { id } = await stage.world.queue(plan, origin, over);
  await stage.bus.queue.hint(id);
  await using seen = follow(stage.bus, id);
  await seen.became('completed', 'failed');
  return { id, plan, run: await getRun(stage.database, stage.world.workspaceId, id), last: seen.statuses.at(-1)! };
}

const seeded = { start: { kind: 'seed' } } as const;

it('starts from a seed picture', async () => {
  const { seedId } = await seedOf(await encodeFrame(picture, { format: 'png' }));
  const { id, plan } = await finished(seeded, undefined, { seedId });
  const image = await toSquare(picture, 128);
  expect(essence(await stage.world.steps(id))).toEqual(essence(await undisturbed(stage.engine, plan, { image })));
});

it('keeps what a mask keeps, and starts the hole from the mean of the rest', async () => {
  const { seedId } = await seedOf(await encodeFrame(picture, { format: 'png' }));
  const maskId = await maskOf(seedId, hole);
  const objectives = [...smallPlan().objectives, { kind: 'l1', weight: 1 } as const];
  const { id, plan, run } = await finished({ ...seeded, objectives, resetEvery: 3 }, undefined, { seedId, maskId });
  const image = await toSquare(await readImage(await encodeFrame(picture, { format: 'png' })), 128);
  const painted = Float32Array.from({ length: 48 * 32 }, (_, i) => hole.data[3 * i]! / 255);
  const target: Target = { image, mask: await maskToSquare(painted, SIZE, 128) };
  expect(parseManifest(run.manifest).target).toBe(targetHash(target));
  const steps = await stage.world.steps(id);
  expect(essence(steps)).toEqual(essence(await undisturbed(stage.engine, plan, { target, image: meanFilled(target) })));
  const shown = await undisturbed(stage.engine, plan, { target, image });
  expect(essence(steps)).not.toEqual(essence(shown));
});

it('compares with the whole picture where there is no mask', async () => {
  const { seedId } = await seedOf(await encodeFrame(picture, { format: 'png' }));
  const { run } = await finished({ objectives: [{ kind: 'l2' }] }, undefined, { seedId });
  const image = await toSquare(picture, 128);
  const target = { image, mask: new Float32Array(128 * 128) };
  expect(parseManifest(run.manifest).target).toBe(targetHash(target));
});

it('starts from given tokens whatever the plan begins with', async () => {
  const tokens: Tokens = { kind: 'indices', data: Int32Array.from({ length: 32 }, (_, i) => (i * 37) % 1024) };
  const { id, plan, run } = await finished({}, { kind: 'indices', indices: Array.from(tokens.data) });
  expect(plan.start.kind).toBe('noise');
  expect(run.status).toBe('completed');
  const whole = await undisturbed(stage.engine, { ...plan, start: { kind: 'seed' } }, { tokens });
  expect(essence(await stage.world.steps(id))).toEqual(essence(whole));
});

it('W12: forks from the newest state of another run with its moments, and from the tokens of an older step', async () => {
  const parent = await finished({ seed: 21 });
  const newest = await finished({ seed: 22 }, { kind: 'step', runId: parent.id, step: 5 });
  const ofState = parseManifest(newest.run.manifest);
  expect(ofState.origin).toMatchObject({ step: 6 });
  expect(newest.run).toMatchObject({ status: 'completed', nextStep: 6 });
  const older = await finished({ seed: 22 }, { kind: 'step', runId: parent.id, step: 2 });
  const ofTokens = parseManifest(older.run.manifest);
  expect(ofTokens.origin).toBeNull();
  const loaded = await stage.engine.library.tokenizer('pocket-32');
  const { tokens } = (await stage.world.steps(parent.id))[2]!;
  const latents = await stage.engine.latentsOf(loaded, tokens);
  expect(startOf(ofTokens, latents.length)).toEqual(latents);
});

it('W12: keeps the locked tokens of the state or step that a fork begins with, and those of a run of its own', async () => {
  const at = (tokens: Tokens, positions: readonly number[]) => positions.map((position) => tokens.data[position]);
  const parent = await finished({ seed: 23, learningRate: 0.5, lockedPositions: [1, 2] });
  const before = await stage.world.steps(parent.id);
  const start = await finished({ seed: 23, iterations: 0 });
  const drawn = parseManifest(start.run.manifest);
  const latents = startOf(drawn, 32 * 12);
  const loaded = await stage.engine.library.tokenizer('pocket-32');
  const first = await stage.engine.quantise(loaded, latents);
  for (const { tokens } of before) expect(at(tokens, [1, 2])).toEqual(at(first, [1, 2]));
  for (const [step, lockedPositions] of [
    [5, [7, 8, 9]],
    [2, [1, 2, 30]],
  ] as const) {
    const change = { seed: 24, learningRate: 0.5, lockedPositions: [...lockedPositions] };
    const fork = await finished(change, { kind: 'step', runId: parent.id, step });
    expect(parseManifest(fork.run.manifest).plan.lockedPositions).toEqual(lockedPositions);
    const shown = before[step]!.tokens;
    const steps = await stage.world.steps(fork.id);
    expect(steps).toHaveLength(6);
    for (const { tokens } of steps) expect(at(tokens, lockedPositions)).toEqual(at(shown, lockedPositions));
    expect(Array.from(steps.at(-1)!.tokens.data)).not.toEqual(Array.from(shown.data));
  }
});

it('W11: fails with words for people: a lock on a token that the tokenizer does not have', async () => {
  const { run } = await finished({ lockedPositions: [32] });
  expect(run.state).toMatchObject({
    status: 'failed',
    error: { code: 'PLAN_INVALID', message: expect.stringMatching(/is 32; .* 0 to 31/) },
  });
});

it('completes a run of no steps with its beginning', async () => {
  const { run } = await finished({ iterations: 0 });
  expect(run).toMatchObject({ status: 'completed', nextStep: 0 });
  expect(parseManifest(run.manifest).plan.iterations).toBe(0);
});

const NOBODY = { seedId: undefined, code: 'SEED_MISSING', message: /^The run needs a seed picture/ };

it.each([
  { what: 'a seed that was never chosen', ...NOBODY },
  {
    what: 'a seed that is no image',
    bytes: new TextEncoder().encode('not a picture at all'),
    code: 'SEED_UNREADABLE',
    message: /^The seed picture: this is .*; give a JPEG, PNG or WebP image\.$/,
  },
])('W11: fails with words for people: $what', async ({ code, message, ...rest }) => {
  const seedId = 'bytes' in rest ? (await seedOf(rest.bytes as Uint8Array)).seedId : undefined;
  const { run, last } = await finished(seeded, undefined, seedId === undefined ? {} : { seedId });
  const error = { code, message: expect.stringMatching(message) };
  expect(run.state).toEqual({ status: 'failed', error });
  expect(last).toMatchObject({ status: 'failed', error });
});

it('W11: fails with words for people: a cut picture, a seed that was deleted, a mask of another kind', async () => {
  const png = await encodeFrame(picture, { format: 'png' });
  const cut = await seedOf(png.subarray(0, png.length / 2));
  expect((await finished(seeded, undefined, cut)).run.state).toMatchObject({ error: { code: 'SEED_UNREADABLE' } });
  const gone = await seedOf(png);
  const { id } = await stage.world.queue(smallPlan(seeded), undefined, { seedId: gone.seedId });
  await deleteSeed(stage.database, stage.world.workspaceId, gone.seedId);
  await stage.bus.queue.hint(id);
  await using seen = follow(stage.bus, id);
  await seen.became('failed');
  expect(seen.statuses.at(-1)!.error).toMatchObject({ code: 'SEED_MISSING' });
});

it('W11: fails with words for people: forks, models and configurations that are not there', async () => {
  const lost = await finished({}, { kind: 'step', runId: newId(), step: 3 });
  expect(lost.run.state).toMatchObject({ error: { code: 'ORIGIN_MISSING' } });
  const model = await finished({ tokenizer: 'no-such-model' });
  expect(model.run.state).toMatchObject({ error: { code: 'MODEL_UNKNOWN' } });
  const tokens = await finished({}, { kind: 'indices', indices: [1, 2, 3] });
  expect(tokens.run.state).toMatchObject({ error: { code: 'PLAN_INVALID', message: /are 3, pocket-32 has 32/ } });
  const config = await finished({}, undefined, { config: { format: 'other' } });
  expect(config.run.state).toMatchObject({ error: { code: 'CONFIG_INVALID' } });
  const plan = await finished({}, undefined, {
    config: { format: 'tessera-run-1', plan: { tokenizer: 'pocket-32' }, origin: { kind: 'plan' } },
  });
  expect(plan.run.state).toMatchObject({ error: { code: 'PLAN_INVALID' } });
  for (const { run } of [lost, model, tokens, config, plan]) {
    expect(run.state.status === 'failed' && run.state.error.message).toMatch(/^[^\n]{10,300}$/);
  }
});

function meanFilled({ image, mask }: Target): Float32Array {
  const known = mask.reduce((sum, m) => sum + 1 - m, 0);
  const out = image.slice();
  for (let c = 0; c < 3; c++) {
    const mean = mask.reduce((sum, m, i) => sum + (1 - m) * image[c * mask.length + i]!, 0) / known;
    for (let i = 0; i < mask.length; i++) {
      const x = image[c * mask.length + i]!;
      out[c * mask.length + i] = x + mask[i]! * (mean - x);
    }
  }
  return out;
}
