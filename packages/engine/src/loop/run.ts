// One run: its models, its state, what it feeds to a step's graph and what it makes of the outputs.
import { type Tensor, tensor } from '@tessera/runtime';
import { type Engine, floats } from '../engine.ts';
import { PlanError } from '../errors.ts';
import type { RunResult, RunStatus, StepEvent, Tokens } from '../events.ts';
import type { StepShape } from '../graphs/step.ts';
import { buildReset } from '../graphs/tokens.ts';
import type { LoadedEncoder, LoadedTokenizer } from '../library.ts';
import type { Mailbox } from '../mailbox.ts';
import { makeManifest } from '../manifest.ts';
import type { PreparedPrompts, Target } from '../objectives/objective.ts';
import { objectiveOf } from '../objectives/table.ts';
import { parseSteering, type RunPlan, type Steering } from '../plan.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type Draws, seededDraws } from './draws.ts';
import type { RunState } from './run-state.ts';
import { startState } from './start.ts';
import { stepFeeds, stepTerms } from './step-feeds.ts';

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

/** What one step of one run feeds to its graph, and what must be remembered until the outputs come. */
export interface StepInput {
  readonly shape: StepShape;
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly steering: readonly Steering[];
  /** The latents that the graph saw, noise included. */
  readonly latents: Float32Array;
}

/** One run between its steps. A step is `begin`, a graph run, `finish`: several runs may share the graph run. */
export class Run {
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
    if (!options.target && (plan.resetEvery > 0 || plan.objectives.some((spec) => objectiveOf(spec).needsTarget))) {
      throw new PlanError('target', 'pixel objectives and token resets need a reference image and a mask');
    }
    const state = await startState(engine, plan, tokenizer, options);
    const run = new Run(engine, options, state, { tokenizer, encoders, meter });
    await run.#prepare();
    state.shown ??= await run.#shownTokens();
    return run;
  }

  /** Whether the plan has no step left. */
  get done(): boolean {
    return this.state.step >= this.state.plan.iterations;
  }

  get aborted(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  /** Takes live changes, adds noise and gathers the inputs of the next step. */
  async begin(): Promise<StepInput> {
    const steering = await this.#steer();
    this.state.addNoise(this.#draws);
    const shape = this.#shape;
    return {
      shape,
      feeds: stepFeeds({
        shape,
        state: this.state,
        draws: this.#draws,
        prepared: this.#prepared,
        target: this.#options.target,
      }),
      steering,
      latents: this.state.latents.slice(),
    };
  }

  /** Applies the outputs of a step's graph (one lane) and says what happened. */
  async finish(
    input: StepInput,
    outputs: Record<string, Tensor>,
  ): Promise<{ event: StepEvent; stop: RunStatus | undefined }> {
    const { state } = this;
    const { steering } = input;
    const terms = stepTerms(state.plan.objectives, this.#prepared, outputs);
    const loss = terms.reduce((sum, { loss: l, weight }) => sum + weight * l, 0);
    const gradient = floats(outputs, 'gradient').map((g) => g / state.lossScale);
    const regularisation = state.regularisation();
    const skipped = !Number.isFinite(loss) || !gradient.every(Number.isFinite);
    if (skipped) state.skip();
    else state.update(state.totalGradient(gradient), loss);
    if (!skipped && state.resetDue) state.latents.set(await this.#reset(input.latents));
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
