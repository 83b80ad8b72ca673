// The mutable state of one run between two steps, and what one step does to it. No ONNX Runtime here.
import { NotFiniteError } from '../errors.ts';
import type { Tokens } from '../events.ts';
import type { RunPlan, Steering } from '../plan.ts';
import { emaDecay, noiseShare } from '../schedule.ts';
import { steer } from '../steering.ts';
import { type AdamState, adamState, adamStep } from './adam.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Draws } from './draws.ts';
import { freeMask } from './lock.ts';

/** Bad steps in a row after which a run gives up: fp16's loss scale has halved itself to nothing by then. */
const MAX_BAD_STEPS = 24;
/** Loss scale of half precision: start, and clean steps before it doubles. Source: torch.amp.GradScaler, started lower for a frozen model. */
const LOSS_SCALE = { start: 1024, growEvery: 200, max: 65_536 };

export class RunState {
  /** The plan as given, with every live change recorded at its step: what a manifest replays. */
  base: RunPlan;
  /** The plan in force at the current step. */
  plan: RunPlan;
  step: number;
  readonly latents: Float32Array;
  readonly start: Float32Array;
  readonly adam: AdamState;
  readonly average: Float32Array;
  averageUpdates: number;
  shown: Tokens | undefined;
  readonly losses: number[];
  meter: { best: number | null; falling: number };
  lossScale: number;
  cleanSteps: number;
  skipped: number;
  skippedInARow: number;
  readonly tokenizer: string;
  readonly origin: Checkpoint['origin'];
  lanes: number;
  readonly #tokens: number;
  /** See freeMask; of the plan in force. */
  #free!: Uint8Array;

  private constructor(c: Checkpoint, tokens: number) {
    this.base = c.plan;
    this.plan = planAt(c);
    this.step = c.step;
    this.tokenizer = c.tokenizer;
    this.origin = c.origin;
    this.lanes = c.lanes;
    this.latents = c.latents.slice();
    this.start = c.start.slice();
    this.adam = { m: c.adam.m.slice(), v: c.adam.v.slice(), updates: c.adam.updates };
    this.average = c.average.slice();
    this.averageUpdates = c.averageUpdates;
    this.shown = c.shown;
    this.losses = [...c.losses];
    this.meter = { ...c.meter };
    // A checkpoint of another precision has a scale that says nothing about this one.
    this.lossScale = c.plan.precision === 'fp16' ? (c.lossScale > 1 ? c.lossScale : LOSS_SCALE.start) : 1;
    this.cleanSteps = c.cleanSteps;
    this.skipped = c.skipped;
    this.skippedInARow = c.skippedInARow;
    this.#tokens = tokens;
    this.#hold();
  }

  /** `latents` are [tokens, channels]. */
  static fresh(plan: RunPlan, tokenizer: string, latents: Float32Array, tokens: number): RunState {
    const start: Checkpoint = {
      step: 0,
      plan,
      origin: null,
      lanes: 1,
      tokenizer,
      latents,
      start: latents,
      adam: adamState(latents.length),
      average: latents,
      averageUpdates: 0,
      shown: undefined,
      losses: [],
      meter: { best: null, falling: 0 },
      lossScale: 1,
      cleanSteps: 0,
      skipped: 0,
      skippedInARow: 0,
    };
    return new RunState(start, tokens);
  }

  static restore(checkpoint: Checkpoint, tokens: number): RunState {
    return new RunState(checkpoint, tokens);
  }

  checkpoint(): Checkpoint {
    const {
      step,
      base: plan,
      tokenizer,
      averageUpdates,
      shown,
      losses,
      meter,
      lossScale,
      cleanSteps,
      skipped,
      skippedInARow,
    } = this;
    return {
      ...{ step, plan, tokenizer, averageUpdates, shown, lossScale, cleanSteps, skipped, skippedInARow },
      origin: this.origin,
      lanes: this.lanes,
      latents: this.latents.slice(),
      start: this.start.slice(),
      adam: { m: this.adam.m.slice(), v: this.adam.v.slice(), updates: this.adam.updates },
      average: this.average.slice(),
      losses: [...losses],
      meter: { ...meter },
    };
  }

  /** Applies a live change from the current step on, and records it. */
  steer(change: Steering): void {
    this.base = { ...this.base, steering: [...this.base.steering, { step: this.step, change }] };
    this.plan = steer(this.plan, change);
    this.#hold();
  }

  /** Goes on to the next step, where changes that the plan already holds take effect. */
  advance(): void {
    this.step += 1;
    const changes = changesAt(this.base, this.step);
    if (changes.length === 0) return;
    this.plan = changes.reduce(steer, this.plan);
    this.#hold();
  }

  /**
   * Locks what the plan in force locks. A position that is locked on the way keeps the token that is shown: its average is
   * what is optimised from here on, too, so that the loss sees no other. At the start both are the same.
   */
  #hold(): void {
    this.#free = freeMask(this.plan.lockedPositions, this.#tokens, this.latents.length);
    for (let i = 0; i < this.latents.length; i++) if (this.#free[i] === 0) this.latents[i] = this.average[i]!;
  }

  /** Re-encoded latents of a token reset take the place of what is not locked. */
  replace(latents: Float32Array): void {
    for (let i = 0; i < this.latents.length; i++) if (this.#free[i] === 1) this.latents[i] = latents[i]!;
  }

  addNoise(draws: Draws): void {
    const { noise, iterations } = this.plan;
    const scale = noise * noiseShare(this.step, iterations);
    if (scale === 0) return;
    const drawn = draws.noise(this.step, this.latents.length);
    for (let i = 0; i < this.latents.length; i++) {
      if (this.#free[i] === 1) this.latents[i] = this.latents[i]! + scale * drawn[i]!;
    }
  }

  /** weight x mean((latents - anchor)^2). */
  regularisation(): number {
    const { weight, towards } = this.plan.regularisation;
    if (weight === 0) return 0;
    let sum = 0;
    for (let i = 0; i < this.latents.length; i++)
      sum += (this.latents[i]! - (towards === 'seed' ? this.start[i]! : 0)) ** 2;
    return (weight * sum) / this.latents.length;
  }

  /** The gradient of the objectives plus that of the regularisation. */
  totalGradient(gradient: Float32Array): Float32Array {
    const { weight, towards } = this.plan.regularisation;
    if (weight === 0) return gradient;
    const slope = (2 * weight) / this.latents.length;
    return gradient.map((g, i) => g + slope * (this.latents[i]! - (towards === 'seed' ? this.start[i]! : 0)));
  }

  update(gradient: Float32Array, loss: number): void {
    adamStep(this.adam, this.latents, gradient, this.plan.learningRate, this.#free);
    // The plateau rule looks at two windows; more would only make checkpoints grow.
    this.losses.push(loss);
    this.losses.splice(0, this.losses.length - 2 * (this.plan.plateau?.window ?? 0));
    this.skippedInARow = 0;
    this.cleanSteps += 1;
    if (this.plan.precision === 'fp16' && this.cleanSteps % LOSS_SCALE.growEvery === 0) {
      this.lossScale = Math.min(LOSS_SCALE.max, this.lossScale * 2);
    }
  }

  /** Counts a step whose numbers were not finite. @throws NotFiniteError after too many in a row */
  skip(): void {
    this.skipped += 1;
    this.skippedInARow += 1;
    this.cleanSteps = 0;
    if (this.plan.precision === 'fp16') this.lossScale = Math.max(1, this.lossScale / 2);
    if (this.skippedInARow >= MAX_BAD_STEPS) throw new NotFiniteError(this.step, this.skippedInARow);
  }

  updateAverage(): void {
    this.averageUpdates += 1;
    const rest = 1 - emaDecay(this.averageUpdates, this.plan.ema);
    for (let i = 0; i < this.average.length; i++) {
      if (this.#free[i] === 0) continue;
      this.average[i] = this.average[i]! - rest * (this.average[i]! - this.latents[i]!);
    }
  }

  /** Whether inpainting re-encodes after the current step; never after the last. */
  get resetDue(): boolean {
    const { resetEvery, iterations } = this.plan;
    return resetEvery > 0 && (this.step + 1) % resetEvery === 0 && this.step + 1 < iterations;
  }

  /** Whether the mean loss has stopped falling. */
  get onPlateau(): boolean {
    const rule = this.plan.plateau;
    if (!rule || this.losses.length < 2 * rule.window) return false;
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const recent = mean(this.losses.slice(-rule.window));
    const before = mean(this.losses.slice(-2 * rule.window, -rule.window));
    return before - recent < rule.minImprovement;
  }

  /** Takes a reading of the independent score; true when it has fallen too often in a row. */
  readMeter(score: number): boolean {
    const { best, falling } = this.meter;
    this.meter = best === null || score > best ? { best: score, falling: 0 } : { best, falling: falling + 1 };
    const limit = this.plan.meter?.stopAfter ?? 0;
    return limit > 0 && this.meter.falling >= limit;
  }
}

/** The changes that a plan holds for one step. */
export function changesAt(plan: RunPlan, step: number): Steering[] {
  return plan.steering.filter((entry) => entry.step === step).map(({ change }) => change);
}

/** The plan in force at a checkpoint: as given, with every change up to its step. */
export function planAt({ plan, step }: Pick<Checkpoint, 'plan' | 'step'>): RunPlan {
  return plan.steering.filter((entry) => entry.step <= step).reduce((now, { change }) => steer(now, change), plan);
}
