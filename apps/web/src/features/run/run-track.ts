// Everything that happened in a run, step by step: replayed from its first step, then live. Read by plots, strips and the heat map.

import { follow } from '../../gql/follow.ts';
import type { ResultOf } from '../../gql/graphql.ts';
import { troubleOf } from '../../gql/problem.ts';
import { TrackSubscription } from './documents.ts';
import type { RunStatus } from './status.ts';

type TrackEvent = ResultOf<typeof TrackSubscription>['runSteps'];
export type TrackStep = Extract<TrackEvent, { __typename: 'StepEvent' }>['step'];

export interface TrackState {
  /** Rising step numbers; the other lists run beside it. */
  readonly steps: readonly number[];
  readonly rows: readonly TrackStep[];
  /** The newest live frame; null for a run that had ended before. */
  readonly frame: { readonly step: number; readonly src: string } | null;
  /** What the stream told last; null until it told. */
  readonly status: RunStatus | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Steps that can no longer be replayed. */
  readonly missing: number;
  readonly problem: string | null;
  /** True once everything stored was replayed and the run will not go on. */
  readonly complete: boolean;
}

const EMPTY: TrackState = {
  steps: [],
  rows: [],
  frame: null,
  status: null,
  error: null,
  missing: 0,
  problem: null,
  complete: false,
};

export interface TrackOptions {
  readonly runId: string;
  /** Frames are sent only for runs that are still computed. px */
  readonly frameSize: number | null;
}

/** One subscription. Changes are told at most once per animation frame. */
export class RunTrack {
  readonly #options: TrackOptions;
  readonly #listeners = new Set<() => void>();
  readonly #steps: number[] = [];
  readonly #rows: TrackStep[] = [];
  /** Told to the listeners; `#next` holds what has changed since. */
  #state = EMPTY;
  #next: Partial<TrackState> = {};
  #seq = 0;
  #stop: (() => void) | undefined;
  #telling = 0;

  constructor(options: TrackOptions) {
    this.#options = options;
  }

  readonly state = (): TrackState => this.#state;

  /** The first listener opens the subscription, the last one to leave closes it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#stop ??= this.#open();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = undefined;
    };
  };

  #open(): () => void {
    const { runId, frameSize } = this.#options;
    return follow(
      TrackSubscription,
      () => ({ id: runId, after: this.#seq, frame: frameSize === null ? null : { size: frameSize } }),
      {
        next: ({ runSteps }) => this.#take(runSteps),
        error: (cause) => this.#change({ problem: troubleOf(cause).message }),
        complete: () => this.#change({ complete: true }),
      },
    );
  }

  #take(event: TrackEvent): void {
    switch (event.__typename) {
      case 'StepEvent':
        if (event.seq <= this.#seq) return;
        this.#seq = event.seq;
        this.#steps.push(event.step.step);
        this.#rows.push(event.step);
        this.#change({});
        return;
      case 'FrameEvent':
        this.#change({ frame: { step: event.frameStep, src: event.dataUrl } });
        return;
      case 'StatusEvent':
        this.#change({ status: event.status, error: event.error });
        return;
      case 'GapEvent':
        this.#seq = Math.max(this.#seq, event.to);
        this.#change({ missing: (this.#next.missing ?? this.#state.missing) + event.to - event.from + 1 });
        return;
    }
  }

  #change(change: Partial<TrackState>): void {
    this.#next = { ...this.#next, ...change };
    if (this.#telling !== 0) return;
    this.#telling = requestAnimationFrame(() => {
      this.#telling = 0;
      // The lists are copied once per frame, not once per step.
      this.#state = { ...this.#state, ...this.#next, steps: [...this.#steps], rows: [...this.#rows] };
      this.#next = {};
      for (const listener of this.#listeners) listener();
    });
  }
}
