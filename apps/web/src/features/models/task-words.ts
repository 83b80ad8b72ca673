// Downloads and checks of models in words: how far, how fast, how long still, and what went wrong.
import { formatBytes, formatDuration } from '../run/format.ts';
import type { ModelTask } from './documents.ts';

/** "412 MB of 2.6 GB · 12 MB/s · 3 min 5 s left", or what it waits for. */
export function progressWords(task: ModelTask): string {
  const { kind, state, received, total, bytesPerSecond: rate } = task;
  if (state === 'WAITING') {
    return kind === 'DOWNLOAD' ? 'Waiting for the download before it.' : 'Waiting for the check before it.';
  }
  if (state === 'VERIFYING' && kind === 'DOWNLOAD') return `Checking what arrived: ${task.file ?? 'its files'}.`;
  if (state === 'DOWNLOADING' && received === 0) return 'Asking the model hub for its files…';
  const parts = [`${formatBytes(received)} of ${formatBytes(total)}`];
  if (rate !== null && received < total) {
    if (rate < 1) parts.push('nothing comes at the moment, still trying');
    else parts.push(`${formatBytes(Math.round(rate))}/s`, `${timeLeft((total - received) / rate)} left`);
  }
  return parts.join(' · ');
}

/** Seconds, as roughly as they are known. */
function timeLeft(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : formatDuration(minutes * 60_000);
}

/** 0..1. */
export const shareDone = ({ received, total }: Pick<ModelTask, 'received' | 'total'>): number =>
  total > 0 ? Math.min(1, received / total) : 0;

interface FailureWords {
  readonly title: string;
  /** What to do. */
  readonly advice: string;
}

const FAILURES: Readonly<Record<string, FailureWords>> = {
  HUB_OFFLINE: {
    title: 'The model hub cannot be reached.',
    advice: 'Check the network of the computer that Tessera runs on, then try again, here or with the command.',
  },
  DOWNLOAD_CUT: {
    title: 'The connection kept breaking.',
    advice: 'It was taken up again and again until nothing more came. Try again later, here or with the command.',
  },
  HUB_FAILED: { title: 'The model hub has troubles of its own.', advice: 'Try again in a while.' },
  HUB_ACCESS: {
    title: 'The model hub does not hand this model out.',
    advice: 'It wants its licence accepted on its page there, and an access token of yours in HF_TOKEN.',
  },
  HUB_MISSING: {
    title: 'The files are not at the model hub any more.',
    advice: 'The publisher may have moved them; files from elsewhere can be given to the command line as a folder.',
  },
  HASH_MISMATCH: {
    title: 'What arrived is not what was promised.',
    advice: 'It was deleted. Try again, and if this repeats, distrust the source.',
  },
  DISK_FULL: { title: 'The disk is full.', advice: 'Free some space, then try again.' },
  STORE_FOLDER: {
    title: 'The folder of the models cannot be written.',
    advice: 'Give Tessera the right to write there, then try again.',
  },
  MODEL_CONFIG: {
    title: 'The record of the download is damaged.',
    advice: 'Delete the file that is named here, then try again.',
  },
};

const UNFORESEEN: FailureWords = {
  title: 'It did not work.',
  advice: 'Try again; the log of the server has the details.',
};

/** Bytes that came before these are worth nothing. */
const NOTHING_KEPT = ['HASH_MISMATCH'];

export interface Failure extends FailureWords {
  /** What happened, with its numbers: the server's words without its advice, which is about the command line. */
  readonly facts: string;
}

/** Of a task that failed. */
export function failureOf({ kind, failure, received }: ModelTask): Failure {
  const { code, message } = failure ?? { code: 'INTERNAL', message: '' };
  const { title, advice } = FAILURES[code] ?? UNFORESEEN;
  const kept = kind === 'DOWNLOAD' && received > 0 && !NOTHING_KEPT.includes(code);
  const end = message.lastIndexOf(': ');
  return {
    title,
    advice: kept ? `${advice} ${formatBytes(received)} are kept, and the next try goes on from there.` : advice,
    facts: end > 0 ? message.slice(0, end) : message,
  };
}

const FILE_STATES = {
  OK: 'is as it must be',
  CHANGED: 'is not what it must be',
  MISSING: 'is missing',
  UNKNOWN: 'has no hash to compare with',
} as const;

/** What a check found wrong: "model.safetensors is missing, config.json is not what it must be". */
export function foundWrong({ files }: Pick<ModelTask, 'files'>): string {
  return files
    .filter(({ state }) => state !== 'OK')
    .map(({ path, state }) => `${path} ${FILE_STATES[state]}`)
    .join(', ');
}

/** What is read out when a task has ended; null for what is told in another way. */
export function endWords(task: ModelTask, name: string): string | null {
  switch (task.state) {
    case 'FAILED':
      return `${name}: ${failureOf(task).title}`;
    case 'CANCELLED':
      return `${name}: stopped.`;
    case 'DONE':
      if (task.kind === 'DOWNLOAD') return null;
      return task.sound ? `${name} is sound.` : `${name} is damaged: ${foundWrong(task)}.`;
    default:
      return null;
  }
}
