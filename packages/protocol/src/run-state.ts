// The life of a run as a state machine: states, events, and the only transitions there are.

/** How a run ended. All but `failed` are the engine's own words; every ending keeps what was computed. */
export const RUN_ENDINGS = ['completed', 'cancelled', 'plateau', 'diverged', 'failed'] as const;
export type RunEnding = (typeof RUN_ENDINGS)[number];

export const RUN_STATUSES = ['queued', 'leased', 'running', 'paused', ...RUN_ENDINGS] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export interface Lease {
  readonly worker: string;
  /** Rises with every claim; writes under an older number are refused. */
  readonly fence: number;
}

export type RunState =
  | { readonly status: 'queued' /** Why it waits again, after it had begun. */; readonly interrupted?: string }
  /** Claimed; the engine is being prepared and no step is stored yet under this lease. */
  | { readonly status: 'leased'; readonly lease: Lease }
  | { readonly status: 'running'; readonly lease: Lease }
  | { readonly status: 'paused' }
  | { readonly status: 'completed' | 'cancelled' | 'plateau' | 'diverged' }
  | { readonly status: 'failed'; readonly error: RunFailure };

/** What people are told of a failed run: a stable code and one line, never a stack. */
export interface RunFailure {
  readonly code: string;
  readonly message: string;
}

export type RunTransition =
  | { readonly type: 'claim'; readonly lease: Lease }
  | { readonly type: 'step' }
  /** The lease expired or was handed back: another worker goes on from the last checkpoint. */
  | { readonly type: 'interrupt'; readonly reason: string }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'finish'; readonly status: Exclude<RunEnding, 'failed'> }
  | { readonly type: 'fail'; readonly error: RunFailure };

export function isEnding(status: RunStatus): status is RunEnding {
  return (RUN_ENDINGS as readonly string[]).includes(status);
}

/** The state after a transition, or undefined where the machine has no such edge. */
export function nextRunState(state: RunState, transition: RunTransition): RunState | undefined {
  switch (transition.type) {
    case 'claim':
      return state.status === 'queued' ? { status: 'leased', lease: transition.lease } : undefined;
    case 'step':
      return 'lease' in state ? { status: 'running', lease: state.lease } : undefined;
    case 'interrupt':
      return 'lease' in state ? { status: 'queued', interrupted: transition.reason } : undefined;
    case 'pause':
      return 'lease' in state || state.status === 'queued' ? { status: 'paused' } : undefined;
    case 'resume':
      return state.status === 'paused' ? { status: 'queued' } : undefined;
    case 'finish':
      if ('lease' in state) return { status: transition.status };
      // Without a lease nothing computes: only cancelling can end such a run.
      return transition.status === 'cancelled' && !isEnding(state.status) ? { status: 'cancelled' } : undefined;
    case 'fail':
      return isEnding(state.status) ? undefined : { status: 'failed', error: transition.error };
    default:
      return transition satisfies never;
  }
}
