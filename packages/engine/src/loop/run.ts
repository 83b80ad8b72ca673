// One run between its steps: what it feeds to a step's graph, and what it makes of the outputs.
import { EmptyPromptError, PromptCharacterError } from '@tessera/models';
import { type Tensor, tensor } from '@tessera/runtime';
import type { Engine } from '../engine.ts';
import { EngineError, PlanError } from '../errors.ts';
import type { RejectedSteering, RunResult, RunStatus, StepEvent, Tokens } from '../events.ts';
import type { StepShape } from '../graphs/step.ts';
import { buildReset } from '../graphs/tokens.ts';
import type { Mailbox } from '../mailbox.ts';
import { makeManifest } from '../manifest.ts';
import type { PreparedPrompts, Target } from '../objectives/objective.ts';
import { objectiveOf } from '../objectives/table.ts';
import { floats } from '../outputs.ts';
import type { RunPlan, Steering } from '../plan.ts';
import { parseSteering, steer } from '../steering.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type Draws, seededDraws } from './draws.ts';
import { checkPositions } from './lock.ts';
import { changedPositions, look, rowNorms } from './look.ts';
import { loadRunModels, type RunModels } from './run-models.ts';
import { changesAt, RunState } from './run-state.ts';
import { startState } from './start.ts';
import { stepFeeds, stepTerms } from './step-feeds.ts';
import { type StepModels, stepModels } from './step-models.ts';

export interface OptimiseOptions {
  /** Seed image [3, S, S] in 0..1, for plans that start from a seed. */
  readonly image?: Float32Array;
  /** Latents or vectors to start from instead of an image. */
  readonly latents?: Float32Array;
  /** Codebook indices or vectors to start from instead of an image. */
  readonly tokens?: Tokens;
  /** Reference image and mask of pixel objectives and resets. */
  readonly target?: Target;
  /** Go on from here: see continueUnder for what the plan may change. */
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
  readonly rejected: readonly RejectedSteering[];
  /** The latents that the graph saw, noise included. */
  readonly latents: Float32Array;
}

/**
 * A step is `begin`, a graph run, `finish`; several runs may share the graph run. A step that fails in any of the three is
 * undone by `rollBack`, so `checkpoint()` is always the state after the last whole step.
 */
export class Run {
  readonly #engine: Engine;
  readonly #options: OptimiseOptions;
  readonly #draws: Draws;
  readonly #models: RunModels;
  readonly #stepModels: StepModels;
  #state: RunState;
  /** The state and the live changes before the step that is under way. */
  #undo: { readonly checkpoint: Checkpoint; readonly changes: readonly Steering[] } | undefined;
  #prepared: readonly (PreparedPrompts | undefined)[] = [];
  #preparedFor: RunPlan['objectives'] | undefined;

  private constructor(
    engine: Engine,
    options: OptimiseOptions,
    state: RunState,
    models: RunModels,
    inStep: StepModels,
  ) {
    this.#engine = engine;
    this.#options = options;
    this.#state = state;
    this.#draws = options.draws ?? seededDraws(state.plan.seed);
    this.#models = models;
    this.#stepModels = inStep;
  }

  /** Loads the models and the start. @throws PlanError, CheckpointError, the library's errors, the runtime's errors */
  static async open(engine: Engine, plan: RunPlan, options: OptimiseOptions): Promise<Run> {
    const models = await loadRunModels(engine.library, plan);
    if (!options.target && (plan.resetEvery > 0 || plan.objectives.some((spec) => objectiveOf(spec).needsTarget))) {
      throw new PlanError('target', 'pixel objectives and token resets need a reference image and a mask');
    }
    const inStep = await stepModels(models, plan, engine.runtime.provider);
    const state = await startState(engine, plan, models.tokenizer, options);
    const run = new Run(engine, options, state, models, inStep);
    await run.#prepare(state.plan.objectives);
    state.shown ??= await run.#shownTokens();
    return run;
  }

  /** Steps done. */
  get step(): number {
    return this.#state.step;
  }

  /** The plan in force. */
  get plan(): RunPlan {
    return this.#state.plan;
  }

  /** Whether the plan has no step left. */
  get done(): boolean {
    return this.#state.step >= this.#state.plan.iterations;
  }

  get aborted(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  /** The state after the last whole step. */
  checkpoint(): Checkpoint {
    return this.#undo?.checkpoint ?? this.#state.checkpoint();
  }

  /** Takes live changes, adds noise and gathers the inputs of the next step. */
  async begin(): Promise<StepInput> {
    const changes = this.#options.mailbox?.drain() ?? [];
    this.#undo = { checkpoint: this.#state.checkpoint(), changes };
    const state = this.#state;
    const steering = changesAt(state.base, state.step);
    const rejected: RejectedSteering[] = [];
    for (const change of changes) {
      const reason = await this.#steer(change);
      if (reason === undefined) steering.push(change);
      else rejected.push({ change, reason });
    }
    await this.#prepare(state.plan.objectives);
    state.addNoise(this.#draws);
    const shape = this.#shape;
    const feeds = stepFeeds({
      shape,
      state,
      draws: this.#draws,
      prepared: this.#prepared,
      target: this.#options.target,
    });
    return { shape, feeds, steering, rejected, latents: state.latents.slice() };
  }

  /** Applies the outputs of a step's graph (one lane of `lanes`) and says what happened. @throws NotFiniteError */
  async finish(
    { latents, steering, rejected }: StepInput,
    outputs: Record<string, Tensor>,
    lanes = 1,
  ): Promise<{ event: StepEvent; stop: RunStatus | undefined }> {
    const state = this.#state;
    state.lanes = Math.max(state.lanes, lanes);
    const terms = stepTerms(state.plan.objectives, this.#prepared, outputs);
    const loss = terms.reduce((sum, { loss: l, weight }) => sum + weight * l, 0);
    const gradient = floats(outputs, 'gradient').map((g) => g / state.lossScale);
    const regularisation = state.regularisation();
    const skipped = !Number.isFinite(loss) || !gradient.every(Number.isFinite);
    if (skipped) state.skip();
    else state.update(state.totalGradient(gradient), loss);
    if (!skipped && state.resetDue) state.replace(await this.#reset(latents));
    state.updateAverage();
    const shown = await this.#shownTokens();
    const previous = state.shown;
    state.shown = shown;
    const step = state.step;
    state.advance();
    const stop = state.onPlateau ? 'plateau' : undefined;
    const last = stop !== undefined || this.done;
    const view = await look(this.#engine, this.#models, { plan: state.plan, shown, step, last });
    const diverged = view.score !== undefined && state.readMeter(view.score);
    const event: StepEvent = {
      ...{ step, loss: skipped ? Number.NaN : loss, terms, regularisation, skipped, steering, rejected },
      gradientNorms: rowNorms(gradient, this.#models.tokenizer.tokenizer.tokens),
      tokens: shown,
      changed: changedPositions(previous, shown),
      ...(view.frame && { frame: view.frame }),
      ...(view.score !== undefined && { score: view.score }),
    };
    this.#undo = undefined;
    return { event, stop: diverged ? 'diverged' : stop };
  }

  /** Undoes a step that failed on its way. Its live changes wait for the next. */
  rollBack(): void {
    if (!this.#undo) return;
    this.#state = RunState.restore(this.#undo.checkpoint, this.#models.tokenizer.tokenizer.tokens);
    this.#options.mailbox?.putBack(this.#undo.changes);
    this.#undo = undefined;
  }

  async result(status: RunStatus): Promise<RunResult> {
    const state = this.#state;
    const { tokenizer, encoders, meter } = this.#models;
    const tokens = state.shown!;
    return {
      status,
      steps: state.step,
      skippedSteps: state.skipped,
      tokens,
      frame: await this.#engine.decode(tokenizer, tokens),
      manifest: makeManifest({
        plan: state.base,
        tokenizer,
        encoders: [...encoders, meter].filter((e) => e !== undefined),
        start: state.start,
        target: this.#options.target,
        provider: this.#engine.runtime.provider,
        origin: state.origin,
        lanes: state.lanes,
      }),
      checkpoint: state.checkpoint(),
    };
  }

  /** Applies a live change, or says why it cannot be: somebody's slip must not end everybody's run. */
  async #steer(given: Steering): Promise<string | undefined> {
    const state = this.#state;
    try {
      const change = parseSteering(given, state.plan);
      checkPositions(change.lockedPositions ?? [], this.#models.tokenizer.tokenizer.tokens);
      await this.#prepare(steer(state.plan, change).objectives);
      state.steer(change);
      return undefined;
    } catch (error) {
      if (error instanceof EngineError || isPromptError(error)) return error.message;
      throw error;
    }
  }

  async #prepare(objectives: RunPlan['objectives']): Promise<void> {
    if (objectives === this.#preparedFor) return;
    const engine = this.#engine;
    this.#prepared = await Promise.all(
      objectives.map((spec, i) =>
        objectiveOf(spec).prepare(spec, {
          target: this.#options.target,
          encoder: this.#models.encoders[i],
          embedText: (encoder, prompt) => engine.embedText(encoder, prompt),
        }),
      ),
    );
    this.#preparedFor = objectives;
  }

  get #shape(): StepShape {
    const { plan } = this.#state;
    const { tokenizer, encoders } = this.#stepModels;
    return { plan, tokenizer, encoders, lanes: 1, dtype: plan.precision === 'fp16' ? 'float16' : 'float32' };
  }

  /** Latents after putting the known pixels back into the image decoded from `latents`. */
  async #reset(latents: Float32Array): Promise<Float32Array> {
    const { tokenizer, sha256 } = this.#models.tokenizer;
    const from = this.#state.plan.quantisation === 'before' ? 'vectors' : 'latents';
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
    const { average, plan } = this.#state;
    if (plan.quantisation === 'before') return { kind: 'vectors', data: average.slice() };
    return this.#engine.quantise(this.#models.tokenizer, average);
  }
}

function isPromptError(error: unknown): error is Error {
  return error instanceof EmptyPromptError || error instanceof PromptCharacterError;
}
