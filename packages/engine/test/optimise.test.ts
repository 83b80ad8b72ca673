// The loop on the real embedded models: what a run yields, and that it can be stopped, resumed, replayed and steered.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  decodeCheckpoint,
  type Engine,
  encodeCheckpoint,
  Mailbox,
  parseManifest,
  planAt,
  Run,
  startOf,
  stepTogether,
} from '../src/index.ts';
import { smallPlan } from '../src/testing.ts';
import { difference, type Finished, finish, library, openEngine, picture } from './support.ts';

let engine: Engine;
let whole: Finished;
beforeAll(async () => {
  engine = await openEngine();
  whole = await finish(engine, smallPlan());
});
afterAll(() => engine[Symbol.asyncDispose]());

describe('a run', () => {
  it('yields one event per step, with a finite loss that falls', async () => {
    const plan = smallPlan({ iterations: 25, noise: 0, regularisation: { weight: 0, towards: 'zero' }, frameEvery: 0 });
    const { events, result } = await finish(engine, plan);
    expect(events.map(({ step }) => step)).toEqual(Array.from({ length: 25 }, (_, i) => i));
    expect(events.every(({ loss, skipped }) => Number.isFinite(loss) && !skipped)).toBe(true);
    expect(events.at(-1)!.loss).toBeLessThan(events[0]!.loss - 0.1);
    expect(result).toMatchObject({ status: 'completed', steps: 25, skippedSteps: 0 });
  });

  it('shows frames that are exactly what their tokens decode to', async () => {
    const tokenizer = await library.tokenizer('pocket-32');
    for (const { tokens, frame } of whole.events) {
      expect(await engine.decode(tokenizer, tokens)).toEqual(frame);
    }
    expect(whole.result.tokens).toEqual(whole.events.at(-1)!.tokens);
    expect(whole.result.frame).toEqual(whole.events.at(-1)!.frame);
  });

  it('reports a similarity whose negative is the loss, gradient norms, and the positions that changed', () => {
    for (const [i, { terms, loss, gradientNorms, changed, tokens }] of whole.events.entries()) {
      expect(terms[0]!.similarity).toBeCloseTo(-loss, 4);
      expect(gradientNorms).toHaveLength(32);
      expect(gradientNorms.every((norm) => norm > 0)).toBe(true);
      const before = whole.events[i - 1]?.tokens;
      if (!before) continue;
      expect(changed).toEqual(Array.from(tokens.data.keys()).filter((t) => tokens.data[t] !== before.data[t]));
    }
  });

  it('is the same for the same seed, and another for another', async () => {
    const again = await finish(engine, smallPlan());
    expect(again).toEqual(whole);
    const other = await finish(engine, smallPlan({ seed: 8 }));
    expect(other.result.checkpoint.latents).not.toEqual(whole.result.checkpoint.latents);
  });

  it('of no steps gives the start; of one step divides by nothing', async () => {
    const { events, result } = await finish(engine, smallPlan({ iterations: 0 }));
    expect(events).toEqual([]);
    expect(result.frame.data).toHaveLength(128 * 128 * 3);
    const one = await finish(engine, smallPlan({ iterations: 1 }));
    expect(one.events).toHaveLength(1);
    expect(one.events[0]!.loss).not.toBeNaN();
  });

  it('sends frames as often as asked, and always one at the end', async () => {
    const { events } = await finish(engine, smallPlan({ frameEvery: 4 }));
    expect(events.map(({ frame }) => frame !== undefined)).toEqual([true, false, false, false, true, true]);
  });
});

describe('a seed image', () => {
  const image = picture(128);

  it('is where the run starts, before or after quantisation', async () => {
    const tokenizer = await library.tokenizer('pocket-32');
    const { tokens } = await engine.encode(tokenizer, image);
    const reconstruction = await engine.decode(tokenizer, tokens);
    for (const quantisation of ['straight-through', 'before'] as const) {
      const plan = smallPlan({ iterations: 0, start: { kind: 'seed' }, quantisation });
      const { result } = await finish(engine, plan, { image });
      expect(difference(result.frame, reconstruction)).toBeLessThan(1);
      const fromTokens = await finish(engine, plan, { tokens });
      expect(difference(fromTokens.result.frame, reconstruction)).toBeLessThan(1);
    }
  });

  it('must be there, of the right size', async () => {
    const plan = smallPlan({ start: { kind: 'seed' } });
    await expect(finish(engine, plan)).rejects.toThrow(/needs a seed/);
    await expect(finish(engine, plan, { image: image.subarray(1) })).rejects.toThrow(/3 x 128 x 128/);
  });

  it('finds its known region again when inpainting, with resets', async () => {
    const mask = Float32Array.from({ length: 128 * 128 }, (_, i) => (i % 128 < 64 ? 1 : 0));
    const plan = smallPlan({
      objectives: [{ kind: 'l1', weight: 1 }],
      start: { kind: 'seed' },
      iterations: 20,
      resetEvery: 5,
      noise: 0,
      ema: 0,
      frameEvery: 0,
    });
    // Nothing of the known region is there at first: it must come back.
    const damaged = image.map((x, i) => (mask[i % (128 * 128)] ? x : 0.5));
    const { events } = await finish(engine, plan, { image: damaged, target: { image, mask } });
    expect(events.at(-1)!.loss).toBeLessThan(events[0]!.loss);
    await expect(finish(engine, plan, { image })).rejects.toThrow(/reference image and a mask/);
  });
});

describe('stopping and going on', () => {
  it('cancels between steps, keeps the partial result, and resumes bit for bit', async () => {
    const abort = new AbortController();
    const first = await finish(
      engine,
      smallPlan(),
      { signal: abort.signal },
      ({ step }) => step === 2 && abort.abort(),
    );
    expect(first.result).toMatchObject({ status: 'cancelled', steps: 3 });
    const from = decodeCheckpoint(encodeCheckpoint(first.result.checkpoint));
    expect(from).toEqual(first.result.checkpoint);
    const rest = await finish(engine, from.plan, { from });
    expect([...first.events, ...rest.events]).toEqual(whole.events);
    expect(rest.result.checkpoint).toEqual(whole.result.checkpoint);
  });

  it('replays from its manifest alone, live changes included', async () => {
    const mailbox = new Mailbox();
    const change = { learningRate: 0.3, objectives: [{ index: 0, prompt: 'a dog in the snow', weight: 2 }] };
    const steered = await finish(engine, smallPlan(), { mailbox }, ({ step }) => step === 1 && mailbox.push(change));
    expect(steered.events[2]!.steering).toEqual([change]);
    expect(steered.events[3]!.tokens).not.toEqual(whole.events[3]!.tokens);
    const manifest = parseManifest(JSON.parse(JSON.stringify(steered.result.manifest)));
    const replay = await finish(
      engine,
      { ...manifest.plan, start: { kind: 'seed' } },
      { latents: startOf(manifest, 32 * 12) },
    );
    expect(replay.events).toEqual(steered.events);
  });

  it('records what a resumed run changes, so that its manifest still computes it', async () => {
    const abort = new AbortController();
    const first = await finish(engine, smallPlan({ iterations: 3 }));
    const from = first.result.checkpoint;
    const longer = await finish(
      engine,
      { ...planAt(from), iterations: 6, learningRate: 0.2 },
      { from, signal: abort.signal },
    );
    expect(longer.result.manifest.plan).toMatchObject({
      iterations: 3,
      steering: [{ step: 3, change: { iterations: 6, learningRate: 0.2 } }],
    });
    expect(longer.result.manifest.origin).toBeNull();
    const { manifest } = longer.result;
    const replay = await finish(
      engine,
      { ...manifest.plan, start: { kind: 'seed' } },
      { latents: startOf(manifest, 32 * 12) },
    );
    expect(replay.events).toEqual([
      ...first.events,
      ...longer.events.map((event, i) => (i === 0 ? replay.events[3] : event)),
    ]);
    expect(replay.result.tokens).toEqual(longer.result.tokens);
  });

  it('calls it a fork when more changes than a live change can carry, and says that its start is not enough', async () => {
    const from = (await finish(engine, smallPlan({ iterations: 2 }))).result.checkpoint;
    const plan = { ...planAt(from), seed: 99, iterations: 4 };
    const { result } = await finish(engine, plan, { from });
    expect(result.manifest.origin).toMatchObject({ step: 2 });
    expect(() => startOf(result.manifest, 32 * 12)).toThrow(/forked at step 2/);
    const half = await finish(engine, { ...planAt(from), precision: 'fp16', iterations: 4 }, { from });
    expect(half.events.every(({ skipped, gradientNorms }) => !skipped && gradientNorms.every((norm) => norm > 0))).toBe(
      true,
    );
  });

  it('goes on without a live change that makes no sense, and says why', async () => {
    const mailbox = new Mailbox();
    const wrong = { objectives: [{ index: 3, weight: 1 }] };
    mailbox.push(wrong);
    mailbox.push({ objectives: [{ index: 0, prompt: '\ud800' }] });
    const { events, result } = await finish(engine, smallPlan(), { mailbox });
    expect(events[0]!.rejected).toMatchObject([{ change: wrong, reason: expect.stringMatching(/the run has 1/) }, {}]);
    expect(result.tokens).toEqual(whole.result.tokens);
    expect(result.manifest.plan.steering).toEqual([]);
  });

  it('refuses a checkpoint of another tokenizer, and a damaged one', async () => {
    const from = { ...whole.result.checkpoint, tokenizer: 'another' };
    await expect(finish(engine, smallPlan(), { from })).rejects.toThrow(/another tokenizer/);
    expect(() => decodeCheckpoint(Uint8Array.of(1, 2, 3))).toThrow(/no run checkpoint/);
    const { checkpoint } = whole.result;
    const short = { ...checkpoint, average: checkpoint.average.subarray(1) };
    expect(() => decodeCheckpoint(encodeCheckpoint(short))).toThrow(/average has 383 numbers, latents have 384/);
    const odd = { ...checkpoint, losses: 'none' } as unknown as typeof checkpoint;
    expect(() => decodeCheckpoint(encodeCheckpoint(odd))).toThrow(/no run checkpoint: losses/);
  });

  it('stops on a plateau, and when the independent score keeps falling', async () => {
    const flat = smallPlan({ iterations: 40, plateau: { window: 3, minImprovement: 10 }, frameEvery: 0 });
    expect((await finish(engine, flat)).result).toMatchObject({ status: 'plateau', steps: 6 });
    const meter = { model: 'pocket-clip', prompt: 'a car', every: 1, stopAfter: 2 };
    const away = smallPlan({
      iterations: 40,
      meter,
      ema: 0,
      objectives: [
        { kind: 'clip', model: 'pocket-clip', prompt: 'a car', weight: -1, crops: { count: 0, fraction: 1, flip: 0 } },
      ],
    });
    const { events, result } = await finish(engine, away);
    expect(result.status).toBe('diverged');
    expect(events.every(({ score }) => score !== undefined)).toBe(true);
  });

  it('skips steps whose numbers are not finite, and gives up after many', async () => {
    const overflowing = smallPlan({
      objectives: [{ ...smallPlan().objectives[0]!, weight: 1e39 }],
      iterations: 40,
    });
    await expect(finish(engine, overflowing)).rejects.toThrow(/not finite for 24 steps/);
  });
});

describe('lanes', () => {
  it('step together as they would alone, whatever their prompts, settings and lengths', async () => {
    const plans = [smallPlan(), smallPlan({ seed: 8, iterations: 4, learningRate: 0.2, ema: 0 })];
    const alone = await Promise.all(plans.map((plan) => finish(engine, plan)));
    const runs = await Promise.all(plans.map((plan) => Run.open(engine, plan, {})));
    for (let step = 0; step < 6; step++) {
      const active = runs.filter((run) => !run.done);
      const outcomes = await stepTogether(engine, active);
      for (const [i, outcome] of outcomes.entries()) {
        if (!outcome.ok) throw outcome.error;
        const { event } = outcome;
        const expected = alone[runs.indexOf(active[i]!)]!.events[step]!;
        expect(event.step).toBe(step);
        // Lanes share matrix products, whose sums may be ordered otherwise.
        expect(event.loss).toBeCloseTo(expected.loss, 4);
      }
    }
    expect(runs.map(({ step }) => step)).toEqual([6, 4]);
    expect((await runs[0]!.result('completed')).manifest.lanes).toBe(2);
  });

  it('leave the others alone when one fails, and leave it as it was before the step', async () => {
    const overflowing = smallPlan({ objectives: [{ ...smallPlan().objectives[0]!, weight: 1e39 }], iterations: 40 });
    const [good, bad] = await Promise.all([
      Run.open(engine, smallPlan({ iterations: 40 }), {}),
      Run.open(engine, overflowing, {}),
    ]);
    for (let step = 0; step < 23; step++) await stepTogether(engine, [good!, bad!]);
    const before = bad!.checkpoint();
    const [first, second] = await stepTogether(engine, [good!, bad!]);
    expect(first).toMatchObject({ ok: true, event: { step: 23, skipped: false } });
    expect(second).toMatchObject({ ok: false, error: { code: 'RUN_NOT_FINITE' } });
    expect(bad!.checkpoint()).toEqual(before);
  });
});

describe('other spaces to optimise in', () => {
  it('optimises pixels without a tokenizer', async () => {
    // The whole picture every time: with random crops four steps tell more of the crops than of the pixels.
    const objectives = [{ ...smallPlan().objectives[0]!, crops: { count: 0, fraction: 1, flip: 0 } }];
    const plan = smallPlan({ tokenizer: 'pixels-128', objectives, iterations: 4, noise: 0, learningRate: 0.02 });
    const { events, result } = await finish(engine, plan);
    expect(result.tokens.kind).toBe('vectors');
    expect(events.at(-1)!.loss).toBeLessThan(events[0]!.loss);
  });

  it('runs in half precision close to single', async () => {
    const { events } = await finish(engine, smallPlan({ precision: 'fp16' }));
    for (const [i, { loss, skipped }] of events.entries()) {
      expect(skipped).toBe(false);
      // The same tokens at first; then one index may fall the other way and the runs part a little.
      expect(Math.abs(loss - whole.events[i]!.loss)).toBeLessThan(i === 0 ? 0.005 : 0.1);
    }
  });
});
