// Takes runs back from workers that fell silent. Every worker does it, each a little out of step with the others. While the
// database is away nobody can renew: after that, and after a pause of this process, living workers get the time of a lease first.
import { type Database, expireLeases, getRun } from '@tessera/db';
import type { Limits } from '@tessera/protocol';
import type { Logger } from 'pino';
import type { Announcer } from './announce.ts';
import type { WorkerLimits } from './limits.ts';
import type { WorkerMetrics } from './metrics.ts';

export interface SweeperOptions {
  readonly database: Database;
  readonly announcer: Announcer;
  readonly limits: Limits & WorkerLimits;
  readonly metrics: WorkerMetrics;
  readonly log: Logger;
}

export class Sweeper {
  readonly #options: SweeperOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;
  #seenAt: number | undefined;
  /** Before this nobody is taken for silent. */
  #patientUntil = Number.NEGATIVE_INFINITY;

  constructor(options: SweeperOptions) {
    this.#options = options;
  }

  start(): void {
    const wait = this.#options.limits.sweepMs * (0.75 + 0.5 * Math.random());
    this.#timer = setTimeout(() => {
      this.#running = this.#sweep().then(() => {
        if (!this.#stopped) this.start();
      });
    }, wait);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Whether every living worker has had the time to renew its leases. */
  async #couldRenew(): Promise<boolean> {
    const { database, limits } = this.#options;
    const patience = limits.leaseSeconds * 1_000;
    const since = this.#seenAt ?? performance.now();
    const { ok } = await database.health();
    const now = performance.now();
    if (ok) this.#seenAt = now;
    // A question that hung, rounds that failed, a process that stood still: all are a gap since the last answer.
    if (!ok || now - since > patience / 2) this.#patientUntil = now + patience;
    return now >= this.#patientUntil;
  }

  async #sweep(): Promise<void> {
    const { database, announcer, limits, metrics, log } = this.#options;
    try {
      if (!(await this.#couldRenew())) return;
      const expired = await expireLeases(database, limits.runAttempts);
      for (const { runId, workspaceId, status } of expired) {
        log.warn({ run: runId, status }, 'the lease of a silent worker ran out');
        metrics.leasesLost.inc();
        const run = await getRun(database, workspaceId, runId);
        const error = run.state.status === 'failed' ? { error: run.state.error } : {};
        await announcer.status({ run, status: run.status, nextStep: run.nextStep, ...error });
        // Last, so that the status of the next claim comes after this one.
        if (status === 'queued') await announcer.hint(runId);
      }
    } catch (error) {
      log.warn({ err: error }, 'expired leases could not be looked for');
    }
  }
}
