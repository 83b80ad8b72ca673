// Follows one run: every step's metrics and tokens without a gap, over lost connections, and the newest pictures.
import { createStore, type StoreApi } from 'zustand';
import { follow } from '../../../gql/follow.ts';
import { graphql, type ResultOf } from '../../../gql/graphql.ts';
import { putFrame } from '../time/frames.ts';
import type { Status } from './run-status.ts';

const STEPS = graphql(`
  subscription RunSteps($runId: ID!, $after: Int, $maxFps: Float, $frame: FrameInput) {
    runSteps(runId: $runId, after: $after, maxFps: $maxFps, frame: $frame) {
      __typename
      seq
      ... on StepEvent {
        step {
          step
          loss
          score
          tokens
          changed
          gradientNorms
          skipped
          steering
          terms { kind loss weight similarity negativeSimilarity }
        }
      }
      ... on FrameEvent { frameStep: step dataUrl }
      ... on StatusEvent { status error { code message } }
      ... on GapEvent { from to }
    }
  }
`);

type Event = ResultOf<typeof STEPS>['runSteps'];
export type RunStep = Extract<Event, { readonly __typename: 'StepEvent' }>['step'];

export interface TrackView {
  readonly runId: string;
  readonly status: Status | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** By step number; steps that retention took are missing. */
  readonly steps: readonly RunStep[];
  /** Rises with every batch: `steps` grows in place. */
  readonly version: number;
  /** The newest step whose picture came live and whose numbers are here. */
  readonly frameStep: number | null;
  readonly stepsPerSecond: number | null;
  /** Steps that can no longer be replayed, both included. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
  readonly trouble: unknown;
}

const MAX_FPS = 24;
/** ms over which the pace is measured. */
const PACE_MS = 3_000;
/** ms after the start in which steps are replayed, not computed. */
const REPLAY_MS = 700;

export class RunTrack {
  readonly view: StoreApi<TrackView>;
  readonly runId: string;
  readonly #steps: RunStep[] = [];
  /** Steps whose pictures came, the newest last. */
  #frames: number[] = [];
  #seq = 0;
  #stop = () => {};
  #frame = 0;
  #openedAt = 0;
  #arrivals: number[] = [];
  #pending: Partial<TrackView> = {};

  constructor(runId: string) {
    this.runId = runId;
    this.view = createStore<TrackView>(() => ({
      runId,
      status: null,
      error: null,
      steps: this.#steps,
      version: 0,
      frameStep: null,
      stepsPerSecond: null,
      gaps: [],
      trouble: null,
    }));
  }

  open(): void {
    this.#openedAt = performance.now();
    const variables = () => ({
      runId: this.runId,
      after: this.#seq,
      maxFps: MAX_FPS,
      frame: { format: 'WEBP' as const },
    });
    this.#stop = follow(STEPS, variables, {
      next: ({ runSteps }) => this.#take(runSteps),
      error: (cause) => this.#show({ trouble: cause }),
    });
  }

  close(): void {
    this.#stop();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /** seq of the last step that came; steps up to it are here or were told to be gone. */
  get seq(): number {
    return this.#seq;
  }

  #take(event: Event): void {
    switch (event.__typename) {
      case 'StepEvent':
        // After a lost connection a step may come twice.
        if (event.seq <= this.#seq) return;
        this.#seq = event.seq;
        this.#steps.push(event.step);
        this.#show({ stepsPerSecond: this.#pace(), frameStep: this.#newestFrame() });
        break;
      case 'FrameEvent':
        putFrame(this.runId, event.frameStep, event.dataUrl);
        this.#frames.push(event.frameStep);
        this.#show({ frameStep: this.#newestFrame() });
        break;
      case 'StatusEvent':
        this.#show({ status: event.status, error: event.error });
        break;
      case 'GapEvent':
        this.#seq = Math.max(this.#seq, event.to);
        this.#show({ gaps: [...this.#latest().gaps, { from: event.from, to: event.to }] });
        break;
      default:
        event satisfies never;
    }
  }

  /** Pictures may come before the numbers of their steps: both are shown together. */
  #newestFrame(): number | null {
    const last = this.#steps.at(-1)?.step ?? -1;
    const at = this.#frames.findLastIndex((step) => step <= last);
    if (at > 0) this.#frames = this.#frames.slice(at);
    return at < 0 ? null : (this.#frames[0] ?? null);
  }

  #latest(): TrackView {
    return { ...this.view.getState(), ...this.#pending };
  }

  #pace(): number | null {
    const now = performance.now();
    if (now - this.#openedAt < REPLAY_MS) return null;
    this.#arrivals.push(now);
    while (this.#arrivals.length > 0 && now - this.#arrivals[0]! > PACE_MS) this.#arrivals.shift();
    const seconds = (now - this.#arrivals[0]!) / 1_000;
    return seconds > 0.5 ? (this.#arrivals.length - 1) / seconds : null;
  }

  /** Steps come faster than the page paints: one change of the view per painted frame. */
  #show(change: Partial<TrackView>): void {
    this.#pending = { ...this.#pending, ...change };
    if (this.#frame !== 0) return;
    // A hidden tab paints nothing, yet has to follow.
    const later = document.hidden ? (run: () => void) => window.setTimeout(run, 100) : requestAnimationFrame;
    this.#frame = later(() => {
      this.#frame = 0;
      const pending = this.#pending;
      this.#pending = {};
      this.view.setState(({ version }) => ({ ...pending, version: version + 1 }));
    });
  }
}

/** The step with this number, or undefined where it is not here. Steps lie in order, mostly without gaps. */
export function stepAt(steps: readonly RunStep[], step: number): RunStep | undefined {
  const first = steps[0]?.step ?? 0;
  const direct = steps[step - first];
  return direct?.step === step ? direct : steps.find((one) => one.step === step);
}
