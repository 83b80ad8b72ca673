// The worker inside the server's own process: runs are computed in its child processes, steps go over the bus.
import type { Services } from '@tessera/schema';
import { type DeviceConfig, startWorker, type Worker } from '@tessera/worker';
import type { Registry } from 'prom-client';
import type { Logger } from '../log.ts';

export interface EmbeddedWorkerOptions {
  readonly devices: DeviceConfig;
  readonly services: Services;
  readonly registry: Registry;
  readonly log: Logger;
}

/** Closing it finishes the step and hands its leases back. */
export function embedWorker({ devices, services, registry, log }: EmbeddedWorkerOptions): Promise<Worker> {
  const { database, bus, limits } = services;
  return startWorker({ ...devices, database, bus, limits, registry, log });
}
