// What each status of a run is called on the pages, and how it looks.
import { RUN_ENDINGS, type RunStatus as StoredStatus } from '@tessera/protocol';

/** As GraphQL spells it. */
export type RunStatus = Uppercase<StoredStatus>;

export type Tone = 'quiet' | 'active' | 'good' | 'warn' | 'bad';

interface StatusWord {
  readonly label: string;
  readonly tone: Tone;
  /** One sentence for a tooltip. */
  readonly meaning: string;
}

export const STATUSES: Readonly<Record<RunStatus, StatusWord>> = {
  QUEUED: { label: 'Queued', tone: 'quiet', meaning: 'Waits for a free device.' },
  LEASED: { label: 'Starting', tone: 'active', meaning: 'A worker prepares its models.' },
  RUNNING: { label: 'Running', tone: 'active', meaning: 'Steps are being computed.' },
  PAUSED: { label: 'Paused', tone: 'quiet', meaning: 'Keeps its state until somebody resumes it.' },
  COMPLETED: { label: 'Done', tone: 'good', meaning: 'All of its steps were computed.' },
  PLATEAU: { label: 'Plateau', tone: 'good', meaning: 'Ended early: the loss had stopped improving.' },
  CANCELLED: { label: 'Cancelled', tone: 'warn', meaning: 'Somebody stopped it; its steps are kept.' },
  DIVERGED: { label: 'Diverged', tone: 'bad', meaning: 'The loss left all bounds; the steps before are kept.' },
  FAILED: { label: 'Failed', tone: 'bad', meaning: 'An error ended it; the steps before are kept.' },
};

export const ALL_STATUSES = Object.keys(STATUSES) as RunStatus[];

const ENDED: ReadonlySet<string> = new Set(RUN_ENDINGS.map((ending) => ending.toUpperCase()));

/** Whether nothing of the run will change by itself any more. */
export function hasEnded(status: RunStatus): boolean {
  return ENDED.has(status);
}
