// The optimisation loop: noise, one step of the graph, Adam, reset, moving average, an event; until done, stopped or aborted.
import { type Tensor, tensor } from '@tessera/runtime';
import { type Engine, floats } from '../engine.ts';
import { CheckpointError, PlanError } from '../errors.ts';
import type { RunResult, RunStatus, StepEvent, Tokens } from '../events.ts';
import { buildStep, latentChannels, type StepShape, samples, stepKey } from '../graphs/step.ts';
import { buildReset } from '../graphs/tokens.ts';
import type { LoadedEncoder, LoadedTokenizer } from '../library.ts';
import type { Mailbox } from '../mailbox.ts';
import { makeManifest } from '../manifest.ts';
import type { ObjectiveTerm, PreparedPrompts, Target } from '../objectives/objective.ts';
import { dot } from '../objectives/similarity.ts';
import { objectiveOf } from '../objectives/table.ts';
import { parseSteering, type RunPlan, type Steering } from '../plan.ts';
import { normals } from '../random.ts';
import type { Lease } from '../session-cache.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type Draws, seededDraws } from './draws.ts';
import { RunState } from './run-state.ts';

export interface OptimiseOptions {
  /** Seed image [3, S, S] in 0..1, for plans that start from a seed. */
  readonly image?: Float32Array;
  /** Latents or vectors to start from instead of an image. */
  readonly latents?: Float32Array;
  /** Codebook indices or vectors to start from instead of an image. */
  readonly tokens?: Tokens;
  /** Reference image and mask of pixel objectives and resets. */
  readonly target?: Target;
  /** Go on from here: the same plan continues bit for bit, another plan of the same tokenizer forks. */
  readonly from?: Checkpoint;
  /** Checked between steps; the result so far is returned with status 'cancelled'. */
  readonly signal?: AbortSignal;
  readonly mailbox?: Mailbox;
  /** Recorded random draws, for replaying runs of the reference implementation. */
  readonly draws?: Draws;
}

/**
 * Runs `plan` from `from`, or from its start. Yields one event per step and returns the result; everything that it
 * took is released when it returns, throws, or is closed early.
 * @throws PlanError, CheckpointError, NotFiniteError, and the errors of the model library and the runtime
 */
export async function* optimise(
  engine: Engine,
  plan: RunPlan,
  options: OptimiseOptions,
): AsyncGenerator<StepEvent, RunResult> {
  const run = await Run.open(engine, plan, options);
  const { state } = run;
  let status: RunStatus = 'completed';
  while (state.step < state.plan.iterations) {
    if (options.signal?.aborted) {
      status = 'cancelled';
      break;
    }
    const { event, stop } = await run.step();
    yield event;
    if (stop) {
      status = stop;
      break;
    }
  }
  return run.result(status);
}

class Run {
  readonly state: RunState;
  readonly #engine: Engine;
  readonly #options: OptimiseOptions;
  readonly #draws: Draws;
  readonly #tokenizer: LoadedTokenizer;
  readonly #encoders: readonly (LoadedEncoder | undefined)[];
  readonly #meter: LoadedEncoder | undefined;
  #prepared: (PreparedPrompts | undefined)[] = [];

  private constructor(
    engine: Engine,
    options: OptimiseOptions,
    state: RunState,
    models: { tokenizer: LoadedTokenizer; encoders: (LoadedEncoder | undefined)[]; meter: LoadedEncoder | undefined },
  ) {
    this.#engine = engine;
    this.#options = options;
    this.state = state;
    this.#draws = options.draws ?? seededDraws(state.plan.seed);
    this.#tokenizer = models.tokenizer;
    this.#encoders = models.encoders;
    this.#meter = models.meter;
  }

  static async open(engine: Engine, plan: RunPlan, options: OptimiseOptions): Promise<Run> {
    const { library } = engine;
    const tokenizer = await library.tokenizer(plan.tokenizer);
    const encoders = await Promise.all(
      plan.objectives.map((spec) => {
        const model = objectiveOf(spec).model(spec);
        return model === undefined ? undefined : library.encoder(model);
      }),
    );
    const meter = plan.meter ? await library.encoder(plan.meter.model) : undefined;
    if (
      !options.target &&
      (plan.resetEvery > 0 || plan.objectives.some(({ kind }) => kind === 'l1' || kind === 'l2'))
    ) {
      throw new PlanError('target', 'pixel objectives and token resets need a reference image and a mask');
    }
    const state = await startState(engine, plan, tokenizer, options);
    const run = new Run(engine, options, state, { tokenizer, encoders, meter });
    await run.#prepare();
    state.shown ??= await run.#shownTokens();
    return run;
  }

  async step(): Promise<{ event: StepEvent; stop: RunStatus | undefined }> {
    const { state } = this;
    const steering = await this.#steer();
    state.addNoise(this.#draws);
    const before = state.latents.slice();
    const outputs = await this.#runGraph();
    const terms = this.#terms(outputs);
    const loss = terms.reduce((sum, { loss: l, weight }) => sum + weight * l, 0);
    const gradient = floats(outputs, 'gradient').map((g) => g / state.lossScale);
    const regularisation = state.regularisation();
    const skipped = !Number.isFinite(loss) || !gradient.every(Number.isFinite);
    if (skipped) state.skip();
    else state.update(state.totalGradient(gradient), loss);
    if (!skipped && state.resetDue) state.latents.set(await this.#reset(before));
    state.updateAverage();
    const shown = await this.#shownTokens();
    const previous = state.shown;
    state.shown = shown;
    const step = state.step;
    state.step += 1;
    const stop = state.onPlateau ? 'plateau' : undefined;
    const last = stop !== undefined || state.step >= state.plan.iterations;
    const view = await this.#look(shown, step, last);
    const event: StepEvent = {
      ...{ step, loss: skipped ? Number.NaN : loss, terms, regularisation, skipped, steering },
      gradientNorms: rowNorms(gradient, this.#tokenizer.tokenizer.tokens),
      tokens: shown,
      changed: changedPositions(previous, shown),
      ...(view.frame && { frame: view.frame }),
      ...(view.score !== undefined && { score: view.score }),
    };
    return { event, stop: view.diverged ? 'diverged' : stop };
  }

  async result(status: RunStatus): Promise<RunResult> {
    const { state } = this;
    const tokens = state.shown!;
    const encoders = [...this.#encoders, this.#meter].filter((e) => e !== undefined);
    return {
      status,
      steps: state.step,
      skippedSteps: state.skipped,
      tokens,
      frame: await this.#engine.decode(this.#tokenizer, tokens),
      manifest: makeManifest({
        plan: state.base,
        tokenizer: this.#tokenizer,
        encoders,
        start: state.start,
        target: this.#options.target,
        provider: this.#engine.runtime.provider,
      }),
      checkpoint: state.checkpoint(),
    };
  }

  async #steer(): Promise<Steering[]> {
    const { state } = this;
    const recorded = state.base.steering.filter(({ step }) => step === state.step).map(({ change }) => change);
    const live = this.#options.mailbox?.drain() ?? [];
    for (const change of recorded) state.steer(parseSteering(change, state.plan), false);
    for (const change of live) state.steer(parseSteering(change, state.plan), true);
    const changes = [...recorded, ...live];
    if (changes.some(({ objectives }) => objectives)) await this.#prepare();
    return changes;
  }

  async #prepare(): Promise<void> {
    const engine = this.#engine;
    this.#prepared = await Promise.all(
      this.state.plan.objectives.map((spec, i) =>
        objectiveOf(spec).prepare(spec, {
          target: this.#options.target,
          encoder: this.#encoders[i],
          embedText: (encoder, prompt) => engine.embedText(encoder, prompt),
        }),
      ),
    );
  }

  get #shape(): StepShape {
    const { plan } = this.state;
    return {
      plan,
      tokenizer: this.#tokenizer,
      encoders: this.#encoders,
      lanes: 1,
      dtype: plan.precision === 'fp16' ? 'float16' : 'float32',
    };
  }

  async #runGraph(): Promise<Record<string, Tensor>> {
    const shape = this.#shape;
    using lease: Lease = await this.#engine.graph(stepKey(shape), () => buildStep(shape));
    return lease.run(this.#feeds(shape));
  }

  #feeds(shape: StepShape): Record<string, Tensor> {
    const { state } = this;
    const { plan, step } = state;
    const { tokenizer } = this.#tokenizer;
    const side = tokenizer.imageSize;
    const one = (inner: readonly number[], data: Float32Array) => tensor('float32', [1, ...inner], data);
    const feeds: Record<string, Tensor> = {
      latents: one([tokenizer.tokens, latentChannels(shape)], state.latents),
      weights: one(
        [plan.objectives.length],
        Float32Array.from(plan.objectives, ({ weight }) => weight),
      ),
      lossScale: tensor('float32', [], Float32Array.of(state.lossScale)),
    };
    if (samples(shape)) {
      feeds.epsilon = one(
        [tokenizer.tokens, tokenizer.channels],
        this.#draws.epsilon(step, tokenizer.tokens * tokenizer.channels),
      );
    }
    const target = this.#options.target;
    if (target && plan.objectives.some(({ kind }) => kind === 'l1' || kind === 'l2')) {
      feeds.target = one([3, side, side], target.image);
      feeds.mask = one([1, side, side], target.mask);
    }
    plan.objectives.forEach((spec, i) => {
      const at = { step, draws: this.#draws, imageSize: side, encoder: this.#encoders[i] };
      for (const [name, feed] of Object.entries(objectiveOf(spec).feeds(spec, this.#prepared[i], at))) {
        feeds[`o${i}.${name}`] = one(feed.shape, feed.data);
      }
    });
    return feeds;
  }

  #terms(outputs: Record<string, Tensor>): ObjectiveTerm[] {
    return this.state.plan.objectives.map(({ kind, weight }, i) => {
      const loss = floats(outputs, `o${i}.loss`)[0]!;
      const prompts = this.#prepared[i];
      if (!prompts) return { kind, weight, loss };
      const features = floats(outputs, `o${i}.features`);
      const similarity = dot(features, prompts.positive);
      if (!prompts.negative) return { kind, weight, loss, similarity };
      return { kind, weight, loss, similarity, negativeSimilarity: dot(features, prompts.negative) };
    });
  }

  /** Latents after putting the known pixels back into the image decoded from `latents`. */
  async #reset(latents: Float32Array): Promise<Float32Array> {
    const { tokenizer, sha256 } = this.#tokenizer;
    const from = this.state.plan.quantisation === 'before' ? 'vectors' : 'latents';
    const side = tokenizer.imageSize;
    const target = this.#options.target!;
    const outputs = await this.#engine.run(`reset ${from} ${sha256}`, () => buildReset(tokenizer, from, 'float32'), {
      before: tensor('float32', [1, tokenizer.tokens, latents.length / tokenizer.tokens], latents),
      target: tensor('float32', [1, 3, side, side], target.image),
      mask: tensor('float32', [1, 1, side, side], target.mask),
    });
    return floats(outputs, from);
  }

  async #shownTokens(): Promise<Tokens> {
    const { average, plan } = this.state;
    if (plan.quantisation === 'before') return { kind: 'vectors', data: average.slice() };
    return this.#engine.quantise(this.#tokenizer, average);
  }

  /** Decodes and scores the shown tokens where the plan asks for it. */
  async #look(
    shown: Tokens,
    step: number,
    last: boolean,
  ): Promise<{ frame?: StepEvent['frame']; score?: number; diverged?: boolean }> {
    const { frameEvery, meter } = this.state.plan;
    const framed = frameEvery > 0 && (last || step % frameEvery === 0);
    const metered = meter && this.#meter && (last || step % meter.every === 0);
    if (!framed && !metered) return {};
    const frame = await this.#engine.decode(this.#tokenizer, shown);
    if (!metered) return { frame };
    const prompt = meter.prompt ?? firstPrompt(this.state.plan);
    const score = await this.#engine.score(this.#meter!, frame, prompt);
    return { score, diverged: this.state.readMeter(score), ...(framed && { frame }) };
  }
}

async function startState(
  engine: Engine,
  plan: RunPlan,
  loaded: LoadedTokenizer,
  options: OptimiseOptions,
): Promise<RunState> {
  const { tokenizer, sha256 } = loaded;
  const length = tokenizer.tokens * latentChannels({ plan, tokenizer: loaded });
  const { from } = options;
  if (from) {
    if (from.tokenizer !== sha256)
      throw new CheckpointError('The checkpoint belongs to another tokenizer than the plan names.');
    if (from.latents.length !== length) {
      throw new CheckpointError(`The checkpoint holds ${from.latents.length} numbers, this plan optimises ${length}.`);
    }
    return RunState.restore({ ...from, plan });
  }
  if (plan.start.kind === 'noise') {
    const { sigma } = plan.start;
    return RunState.fresh(
      plan,
      sha256,
      normals(plan.seed, 'start', 0, length).map((x) => sigma * x),
    );
  }
  const latents = options.latents ?? (await seedLatents(engine, plan, loaded, options));
  if (latents.length !== length)
    throw new PlanError('start', `holds ${latents.length} numbers, this plan optimises ${length}`);
  return RunState.fresh(plan, sha256, latents);
}

async function seedLatents(
  engine: Engine,
  plan: RunPlan,
  loaded: LoadedTokenizer,
  { image, tokens }: OptimiseOptions,
): Promise<Float32Array> {
  if (tokens) return plan.quantisation === 'before' ? engine.vectors(loaded, tokens) : engine.latentsOf(loaded, tokens);
  if (!image) throw new PlanError('start', 'needs a seed: give an image, tokens, or start from noise');
  const encoded = await engine.encode(loaded, image);
  return plan.quantisation === 'before' ? encoded.vectors : encoded.latents;
}

function firstPrompt(plan: RunPlan): string {
  for (const objective of plan.objectives) if ('prompt' in objective) return objective.prompt;
  throw new PlanError('meter.prompt', 'is needed when no objective has a prompt');
}

/** Euclidean norm per token of [tokens, channels]. */
function rowNorms(x: Float32Array, tokens: number): Float32Array {
  const channels = x.length / tokens;
  return Float32Array.from({ length: tokens }, (_, t) => Math.hypot(...x.subarray(t * channels, (t + 1) * channels)));
}

function changedPositions(before: Tokens | undefined, after: Tokens): number[] {
  if (before?.kind !== 'indices' || after.kind !== 'indices') return [];
  return Array.from(after.data.keys()).filter((i) => after.data[i] !== before.data[i]);
}
