// The engine's process may die at any call; the next call starts another.
import { EngineCrashedError } from '@tessera/runtime';

export interface CrashRetryOptions {
  /** Crashes after which the error is thrown. */
  readonly attempts: number;
  onCrash(error: EngineCrashedError): void;
}

/** @throws EngineCrashedError when every attempt crashed, and whatever else `work` throws */
export async function withCrashRetry<T>({ attempts, onCrash }: CrashRetryOptions, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof EngineCrashedError)) throw error;
      onCrash(error);
      if (attempt >= attempts) throw error;
    }
  }
}
