// The statuses of a run in words and groups.
import type { SessionRun } from './run-list.ts';

export type Status = SessionRun['status'];

/** It may still compute. */
export function isActive(status: Status): boolean {
  return status === 'QUEUED' || status === 'LEASED' || status === 'RUNNING' || status === 'PAUSED';
}

export function isComputing(status: Status): boolean {
  return status === 'LEASED' || status === 'RUNNING';
}

export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  QUEUED: 'waiting',
  LEASED: 'starting',
  RUNNING: 'running',
  PAUSED: 'paused',
  COMPLETED: 'done',
  CANCELLED: 'stopped',
  PLATEAU: 'settled',
  DIVERGED: 'diverged',
  FAILED: 'failed',
};
