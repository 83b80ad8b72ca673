// What every run of a device is computed with.
import type { Bus } from '@tessera/bus';
import type { Database } from '@tessera/db';
import type { Engine } from '@tessera/engine';
import type { Limits } from '@tessera/protocol';
import type { Logger } from 'pino';
import type { Announcer } from './announce.ts';
import type { Lanes } from './lanes.ts';
import type { WorkerLimits } from './limits.ts';
import type { WorkerMetrics } from './metrics.ts';

export interface Desk {
  readonly database: Database;
  readonly bus: Bus;
  readonly engine: Engine;
  readonly lanes: Lanes;
  readonly limits: Limits & WorkerLimits;
  readonly announcer: Announcer;
  readonly metrics: WorkerMetrics;
  /** Encoder for the image feature of a run that names no CLIP of its own. */
  readonly embedder: string;
  readonly log: Logger;
}
