// What travels from workers to the API and on to the page, on the live channel and over GraphQL subscriptions.
import type { RunFailure, RunStatus } from './run-state.ts';
import type { StepRecord } from './steps.ts';

/** Events of one run. Steps and statuses are lossless and replayable; frames are latest-wins. */
export type RunEvent = StepHappened | StatusChanged | Gap;

export interface StepHappened {
  readonly type: 'step';
  readonly runId: string;
  /** `seqOfStep(step)`: rises by one, over restarts and workers. */
  readonly seq: number;
  readonly step: StepRecord;
}

export interface StatusChanged {
  readonly type: 'status';
  readonly runId: string;
  /** `seq` of the last step stored before it. */
  readonly seq: number;
  readonly status: RunStatus;
  readonly error?: RunFailure;
}

/** Steps `from` to `to` (seq, both included) can no longer be replayed: retention took them. */
export interface Gap {
  readonly type: 'gap';
  readonly runId: string;
  readonly from: number;
  readonly to: number;
}

export const FRAME_FORMATS = ['webp', 'jpeg', 'png'] as const;
export type FrameFormat = (typeof FRAME_FORMATS)[number];

/** An encoded picture of one step. Only the newest matters. */
export interface FrameMessage {
  readonly runId: string;
  readonly seq: number;
  readonly format: FrameFormat;
  /** Side in pixels; frames are square. */
  readonly size: number;
  readonly bytes: Uint8Array;
  /** SHA-256 of `bytes`, the address of the same picture over HTTP. */
  readonly sha256: string;
}

/** What a worker is told about a run it holds. */
export type RunCommand =
  | { readonly type: 'cancel'; readonly runId: string }
  | { readonly type: 'pause'; readonly runId: string }
  | { readonly type: 'steer'; readonly runId: string; readonly seq: number; readonly change: object };

/** A list view has to look again: something about these runs changed. */
export interface RunsChanged {
  readonly type: 'runs';
  readonly workspaceId: string;
  readonly runIds: readonly string[];
}

/** Where a queued run stands. */
export interface QueuePosition {
  readonly runId: string;
  /** Runs that would start before it: 0 = next. */
  readonly ahead: number;
  readonly queued: number;
}

export interface DocumentUpdate {
  readonly sessionId: string;
  readonly seq: number;
  readonly bytes: Uint8Array;
}

/** Who is in a session and what they point at; kept in memory only. */
export interface Presence {
  readonly sessionId: string;
  readonly clientId: string;
  readonly userId: string;
  readonly name: string;
  readonly colour: string;
  /** Cursor on the image, both 0..1. */
  readonly cursor?: { readonly x: number; readonly y: number };
  readonly runId?: string;
  readonly step?: number;
  readonly following?: string;
}
