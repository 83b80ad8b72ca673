// Locked positions on the real pocket models: they keep their tokens, bit for bit, whatever is done to the others.
import { f } from '@tessera/graph';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  decodeCheckpoint,
  Engine,
  encodeCheckpoint,
  Mailbox,
  type ModelLibrary,
  parseManifest,
  planAt,
  Run,
  type RunPlanInput,
  startOf,
  stepTogether,
  type Tokens,
} from '../src/index.ts';
import { smallPlan } from '../src/testing.ts';
import { type Finished, finish, library, openEngine, picture } from './support.ts';

const LOCKED = [0, 3, 4, 17, 31];
const OTHERS = Array.from({ length: 32 }, (_, i) => i).filter((i) => !LOCKED.includes(i));
/** Everything that moves tokens, and steps large enough that indices change. */
const plan = (change: Partial<RunPlanInput> = {}) =>
  smallPlan({ lockedPositions: LOCKED, learningRate: 0.5, iterations: 8, frameEvery: 0, ...change });

let engine: Engine;
let whole: Finished;
beforeAll(async () => {
  engine = await openEngine();
  whole = await finish(engine, plan());
});
afterAll(() => engine[Symbol.asyncDispose]());

/** The numbers of some positions of [tokens, channels], or of indices [tokens]. */
function at(data: ArrayLike<number>, positions: readonly number[], tokens = 32): number[] {
  const channels = data.length / tokens;
  return positions.flatMap((t) => Array.from({ length: channels }, (_, c) => data[t * channels + c]!));
}

async function startTokens(change: Partial<RunPlanInput> = {}, options = {}): Promise<Tokens> {
  return (await finish(engine, plan({ ...change, iterations: 0 }), options)).result.tokens;
}

describe('locked positions', () => {
  it('keep their tokens at every step, from a seed and from noise, while others change', async () => {
    const image = picture(128);
    const seeded = await finish(engine, plan({ start: { kind: 'seed' } }), { image });
    for (const [run, start] of [
      [whole, await startTokens()],
      [seeded, await startTokens({ start: { kind: 'seed' } }, { image })],
    ] as const) {
      for (const { tokens, changed } of run.events) {
        expect(at(tokens.data, LOCKED)).toEqual(at(start.data, LOCKED));
        expect(changed.filter((position) => LOCKED.includes(position))).toEqual([]);
      }
      expect(at(run.result.tokens.data, OTHERS)).not.toEqual(at(start.data, OTHERS));
    }
  });

  it('keep latents, average and Adam’s moments untouched; those of the others move', () => {
    const { start, latents, average, adam } = whole.result.checkpoint;
    for (const kept of [latents, average]) expect(at(kept, LOCKED)).toEqual(at(start, LOCKED));
    for (const moment of [adam.m, adam.v]) expect(at(moment, LOCKED).every((x) => x === 0)).toBe(true);
    for (const moved of [latents, average]) {
      expect(at(moved, OTHERS).every((x, i) => x !== at(start, OTHERS)[i])).toBe(true);
    }
  });

  it('are where the loss still looks: the gradient there is reported', () => {
    for (const { gradientNorms } of whole.events)
      expect(at(gradientNorms, LOCKED).every((norm) => norm > 0)).toBe(true);
  });

  it('keep vectors that are optimised after quantisation, and survive token resets', async () => {
    const image = picture(128);
    const target = { image, mask: Float32Array.from({ length: 128 * 128 }, (_, i) => (i % 128 < 64 ? 1 : 0)) };
    for (const change of [
      { quantisation: 'before' },
      { resetEvery: 2, quantisation: 'before' },
      { resetEvery: 2 },
    ] as const) {
      const more = { ...change, start: { kind: 'seed' } } as const;
      const { events, result } = await finish(engine, plan(more), { image, target });
      const start = await startTokens(more, { image, target });
      for (const { tokens } of events) expect(at(tokens.data, LOCKED)).toEqual(at(start.data, LOCKED));
      const { checkpoint } = result;
      expect(at(checkpoint.latents, LOCKED)).toEqual(at(checkpoint.start, LOCKED));
      expect(at(result.tokens.data, OTHERS)).not.toEqual(at(start.data, OTHERS));
    }
  });

  it('go on bit for bit after a checkpoint, and replay from the manifest, which names them', async () => {
    const abort = new AbortController();
    const first = await finish(engine, plan(), { signal: abort.signal }, ({ step }) => step === 3 && abort.abort());
    const from = decodeCheckpoint(encodeCheckpoint(first.result.checkpoint));
    const rest = await finish(engine, from.plan, { from });
    expect([...first.events, ...rest.events]).toEqual(whole.events);
    expect(rest.result.checkpoint).toEqual(whole.result.checkpoint);
    const manifest = parseManifest(JSON.parse(JSON.stringify(whole.result.manifest)));
    expect(manifest.plan.lockedPositions).toEqual(LOCKED);
    const again = { ...manifest.plan, start: { kind: 'seed' } } as const;
    const replay = await finish(engine, again, { latents: startOf(manifest, 32 * 12) });
    expect(replay.events).toEqual(whole.events);
  });

  it('differ between runs that share their steps', async () => {
    const plans = [plan(), plan({ lockedPositions: [1, 2] }), plan({ lockedPositions: [] })];
    const starts = await Promise.all(plans.map(({ lockedPositions }) => startTokens({ lockedPositions })));
    const runs = await Promise.all(plans.map((own) => Run.open(engine, own, {})));
    for (let step = 0; step < 8; step++) {
      for (const [i, outcome] of (await stepTogether(engine, runs)).entries()) {
        if (!outcome.ok) throw outcome.error;
        const { lockedPositions } = plans[i]!;
        expect(at(outcome.event.tokens.data, lockedPositions)).toEqual(at(starts[i]!.data, lockedPositions));
      }
    }
    const manifests = await Promise.all(runs.map(async (run) => (await run.result('completed')).manifest));
    expect(manifests.map(({ lanes }) => lanes)).toEqual([3, 3, 3]);
    for (const [i, run] of runs.entries()) {
      const { latents, start } = run.checkpoint();
      const moved = Array.from({ length: 32 }, (_, t) => t).filter(
        (t) => at(latents, [t]).join() !== at(start, [t]).join(),
      );
      expect(moved).toEqual(
        Array.from({ length: 32 }, (_, t) => t).filter((t) => !plans[i]!.lockedPositions.includes(t)),
      );
    }
  });
});

describe('a lock of a running run', () => {
  it('keeps the token that is shown, is recorded, and replays', async () => {
    const mailbox = new Mailbox();
    const change = { lockedPositions: [5, 6] };
    const run = await finish(engine, plan(), { mailbox }, ({ step }) => step === 3 && mailbox.push(change));
    expect(run.events[4]!.steering).toEqual([change]);
    const shown = run.events[3]!.tokens.data;
    for (const { tokens } of run.events.slice(4)) expect(at(tokens.data, [5, 6])).toEqual(at(shown, [5, 6]));
    const { latents, average, start } = run.result.checkpoint;
    expect(at(latents, [5, 6])).toEqual(at(average, [5, 6]));
    // What was locked before is free now.
    expect(at(latents, LOCKED)).not.toEqual(at(start, LOCKED));
    const { manifest } = run.result;
    const again = { ...manifest.plan, start: { kind: 'seed' } } as const;
    const replay = await finish(engine, again, { latents: startOf(manifest, 32 * 12) });
    expect(replay.events).toEqual(run.events);
  });

  it('is inherited by a fork, which may lock others instead', async () => {
    const from = (await finish(engine, plan({ iterations: 4 }))).result.checkpoint;
    const now = { ...planAt(from), iterations: 8, seed: 99 };
    const shown = from.shown!.data;
    for (const lockedPositions of [LOCKED, [10, 11], []]) {
      const fork = await finish(engine, { ...now, lockedPositions }, { from });
      expect(fork.result.manifest).toMatchObject({ origin: { step: 4 }, plan: { lockedPositions } });
      for (const { tokens } of fork.events)
        expect(at(tokens.data, lockedPositions)).toEqual(at(shown, lockedPositions));
    }
    const steered = await finish(engine, { ...planAt(from), iterations: 8, lockedPositions: [10] }, { from });
    expect(steered.result.manifest.plan.steering).toEqual([
      { step: 4, change: { iterations: 8, lockedPositions: [10] } },
    ]);
    expect(steered.result.manifest.origin).toBeNull();
  });

  it('is told, not applied, where the tokenizer has no such position', async () => {
    const mailbox = new Mailbox();
    mailbox.push({ lockedPositions: [2, 32] });
    const { events, result } = await finish(engine, plan(), { mailbox });
    expect(events[0]!.rejected).toMatchObject([{ reason: expect.stringMatching(/is 32; .* 0 to 31/) }]);
    expect(result.tokens).toEqual(whole.result.tokens);
  });
});

describe('what cannot be locked', () => {
  it.each([
    [[32], /lockedPositions\.0: is 32; the positions of this tokenizer are 0 to 31/],
    [[0, 500], /lockedPositions\.1: is 500/],
  ])('%j of 32 positions is named when the run opens', async (lockedPositions, message) => {
    const refused = { code: 'PLAN_INVALID', message: expect.stringMatching(message) };
    await expect(finish(engine, plan({ lockedPositions }))).rejects.toMatchObject(refused);
    const steering = [{ step: 2, change: { lockedPositions } }];
    await expect(finish(engine, plan({ steering }))).rejects.toMatchObject(refused);
  });

  it.each([
    [[3, 3], 'lockedPositions.1', /is 3 again/],
    [[4, 3], 'lockedPositions.1', /ascending/],
    [[-1], 'lockedPositions.0', /negative/],
    [[1.5], 'lockedPositions.0', /whole/],
  ])('%j is no list of positions', (lockedPositions, path, message) => {
    expect(() => plan({ lockedPositions })).toThrow(
      expect.objectContaining({ code: 'PLAN_INVALID', path, message: expect.stringMatching(message) }),
    );
  });
});

describe('a continuous tokenizer', () => {
  /** The pocket decoder behind a Gaussian bottleneck: latents are mean and log-variance. */
  const gaussian: ModelLibrary = {
    ...library,
    async tokenizer(id) {
      const loaded = await library.tokenizer(id);
      const { tokenizer } = loaded;
      const { channels } = tokenizer;
      return {
        ...loaded,
        sha256: `gaussian-${loaded.sha256}`,
        tokenizer: {
          ...tokenizer,
          kind: 'vae',
          codebookSize: 0,
          latentChannels: 2 * channels,
          quantise(_graph, latents, epsilon) {
            const [mean, logVariance] = f.split(latents, 2, [channels, channels]);
            if (!epsilon) return { vectors: mean! };
            return { vectors: f.add(mean!, f.mul(f.exp(f.mul(logVariance!, 0.5)), epsilon)) };
          },
        },
      };
    },
  };

  it('keeps mean and variance of what is locked, and draws no sample of it', async () => {
    const vae = new Engine({ runtime: engine.runtime, library: gaussian });
    for (const kind of ['mean', 'sample'] as const) {
      const { events, result } = await finish(vae, plan({ vae: kind }));
      const { latents, start } = result.checkpoint;
      const means = start.filter((_, i) => i % 24 < 12);
      for (const { tokens } of events) expect(at(tokens.data, LOCKED)).toEqual(at(means, LOCKED));
      expect(at(latents, LOCKED)).toEqual(at(start, LOCKED));
      expect(at(latents, OTHERS).every((x, i) => x !== at(start, OTHERS)[i])).toBe(true);
    }
    const run = await Run.open(vae, plan({ vae: 'sample' }), {});
    const epsilon = (await run.begin()).feeds.epsilon!.data as Float32Array;
    expect(at(epsilon, LOCKED).every((x) => x === 0)).toBe(true);
    expect(at(epsilon, OTHERS).every((x) => x !== 0)).toBe(true);
  });
});
