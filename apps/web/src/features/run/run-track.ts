// Follows one run: every step's metrics and tokens without a gap, over lost connections, and the newest pictures.
import { createStore, type StoreApi } from 'zustand';
import { follow } from '../../gql/follow.ts';
import type { ResultOf } from '../../gql/graphql.ts';
import { OncePainted } from '../../lib/once-painted.ts';
import { TrackSubscription } from './documents.ts';
import { Pace } from './pace.ts';
import type { RunStatus } from './status.ts';

type TrackEvent = ResultOf<typeof TrackSubscription>['runSteps'];
export type TrackStep = Extract<TrackEvent, { readonly __typename: 'StepEvent' }>['step'];

export interface TrackFrame {
  readonly step: number;
  readonly src: string;
}

export interface TrackView {
  readonly runId: string;
  /** What the stream told last; null until it told. */
  readonly status: RunStatus | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** By step number; steps that retention took are missing. One list, which grows in place. */
  readonly steps: readonly TrackStep[];
  /** Rises with every change that is told: what was made of `steps` is made anew. */
  readonly version: number;
  /** The newest picture; the numbers of its step follow once they are stored. Null for a run that had ended before. */
  readonly frame: TrackFrame | null;
  readonly stepsPerSecond: number | null;
  /** Steps that can no longer be replayed, both included. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
  readonly trouble: unknown;
}

export interface TrackOptions {
  readonly runId: string;
  /** Pictures are sent only for runs that are still computed. `size` in px, the tokenizer's own by default; null: none. */
  readonly frame: { readonly size?: number; readonly format?: 'WEBP' } | null;
  /** Most pictures a second. */
  readonly maxFps: number;
  /** Hears of every picture at once. */
  readonly onFrame?: (frame: TrackFrame) => void;
}

export class RunTrack {
  readonly view: StoreApi<TrackView>;
  readonly runId: string;
  readonly #options: TrackOptions;
  readonly #steps: TrackStep[] = [];
  #seq = 0;
  #pace = new Pace(0);
  #stop: (() => void) | undefined;
  #pending: Partial<TrackView> = {};
  readonly #told = new OncePainted(() => {
    const pending = this.#pending;
    this.#pending = {};
    this.view.setState(({ version }) => ({ ...pending, version: version + 1 }));
  });

  constructor(options: TrackOptions) {
    this.#options = options;
    this.runId = options.runId;
    this.view = createStore<TrackView>(() => ({
      runId: options.runId,
      status: null,
      error: null,
      steps: this.#steps,
      version: 0,
      frame: null,
      stepsPerSecond: null,
      gaps: [],
      trouble: null,
    }));
  }

  /** Goes on after the last step that is here, also after a `close`. */
  open(): void {
    this.#pace = new Pace(performance.now());
    const { runId, frame, maxFps } = this.#options;
    this.#stop ??= follow(TrackSubscription, () => ({ id: runId, after: this.#seq, maxFps, frame }), {
      next: ({ runSteps }) => this.#take(runSteps),
      error: (cause) => this.#show({ trouble: cause }),
    });
  }

  close(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#told.cancel();
  }

  #take(event: TrackEvent): void {
    switch (event.__typename) {
      case 'StepEvent':
        // After a lost connection a step may come twice.
        if (event.seq <= this.#seq) return;
        this.#seq = event.seq;
        this.#steps.push(event.step);
        this.#show({ stepsPerSecond: this.#pace.count(performance.now()) });
        break;
      case 'FrameEvent': {
        const frame = { step: event.frameStep, src: event.dataUrl };
        this.#options.onFrame?.(frame);
        // A run that went on from a checkpoint makes some pictures again.
        if (frame.step >= (this.#latest().frame?.step ?? 0)) this.#show({ frame });
        break;
      }
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

  #latest(): TrackView {
    return { ...this.view.getState(), ...this.#pending };
  }

  #show(change: Partial<TrackView>): void {
    this.#pending = { ...this.#pending, ...change };
    this.#told.ask();
  }
}

/** The step with this number, or undefined where it is not here. Steps lie in order, mostly without gaps. */
export function stepAt(steps: readonly TrackStep[], step: number): TrackStep | undefined {
  const first = steps[0]?.step ?? 0;
  const direct = steps[step - first];
  return direct?.step === step ? direct : steps.find((one) => one.step === step);
}
