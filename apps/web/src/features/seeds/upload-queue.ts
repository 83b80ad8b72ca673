// The files that are on their way into the library: some at a time, each with its progress, its problem, and a way to stop it.
import { create } from 'zustand';
import { troubleOf } from '../../gql/problem.ts';
import { fileProblem, uploadSeed } from './upload.ts';

export type UploadState =
  | { readonly stage: 'waiting' }
  /** `share` 0..1 of the bytes sent. */
  | { readonly stage: 'sending'; readonly share: number }
  /** All bytes are there; the server reads the picture. */
  | { readonly stage: 'checking' }
  | { readonly stage: 'done' }
  | { readonly stage: 'failed'; readonly problem: string };

export interface Upload {
  readonly id: number;
  readonly file: File;
  readonly state: UploadState;
}

/** At once. */
const WIDTH = 3;

export const useUploads = create<{ readonly uploads: readonly Upload[] }>(() => ({ uploads: [] }));

const aborts = new Map<number, AbortController>();
let nextId = 1;
let running = 0;

function setState(id: number, state: UploadState): void {
  useUploads.setState(({ uploads }) => ({ uploads: uploads.map((one) => (one.id === id ? { ...one, state } : one)) }));
}

/** `kept` is called after each file that made it. */
export function enqueue(workspaceId: string, files: readonly File[], kept: () => void): void {
  const uploads = files.map((file): Upload => {
    const problem = fileProblem(file);
    return { id: nextId++, file, state: problem ? { stage: 'failed', problem } : { stage: 'waiting' } };
  });
  useUploads.setState((now) => ({ uploads: [...now.uploads, ...uploads] }));
  for (let i = 0; i < WIDTH; i += 1) void work(workspaceId, kept);
}

/** Stops it where it is on its way, and forgets it. */
export function dismiss(id: number): void {
  aborts.get(id)?.abort();
  useUploads.setState(({ uploads }) => ({ uploads: uploads.filter((one) => one.id !== id) }));
}

export function dismissFinished(): void {
  useUploads.setState(({ uploads }) => ({ uploads: uploads.filter(({ state }) => state.stage !== 'done') }));
}

async function work(workspaceId: string, kept: () => void): Promise<void> {
  if (running >= WIDTH) return;
  running += 1;
  for (let next = takeNext(); next; next = takeNext()) {
    const { id, file } = next;
    const abort = new AbortController();
    aborts.set(id, abort);
    try {
      await uploadSeed(workspaceId, file, abort.signal, (share) =>
        setState(id, share < 1 ? { stage: 'sending', share } : { stage: 'checking' }),
      );
      setState(id, { stage: 'done' });
      kept();
    } catch (cause) {
      if (!abort.signal.aborted) setState(id, { stage: 'failed', problem: troubleOf(cause).message });
    } finally {
      aborts.delete(id);
    }
  }
  running -= 1;
}

function takeNext(): Upload | undefined {
  const next = useUploads.getState().uploads.find(({ state }) => state.stage === 'waiting');
  if (next) setState(next.id, { stage: 'sending', share: 0 });
  return next;
}
