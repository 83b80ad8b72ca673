// Patience with a database that is away for a moment: the work is repeated, because every write of a worker is fenced.
import { setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '@tessera/db';
import type { WorkerLimits } from './limits.ts';

export type Patience = Pick<WorkerLimits, 'databasePatienceMs' | 'databaseRetryMs'>;

/** @throws what `work` throws, and UnavailableError once the patience is over */
export async function patiently<T>(
  { databasePatienceMs, databaseRetryMs }: Patience,
  work: () => Promise<T>,
): Promise<T> {
  const end = Date.now() + databasePatienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UnavailableError) || Date.now() + databaseRetryMs > end) throw error;
    }
    await sleep(databaseRetryMs);
  }
}
