// The worker inside the server's own process: runs are computed in its child processes, steps go over the bus.
import type { Services } from '@tessera/schema';
import { type DeviceConfig, startWorker } from '@tessera/worker';
import type { Registry } from 'prom-client';
import type { Logger } from '../log.ts';

export interface EmbeddedWorkerOptions {
  readonly devices: DeviceConfig;
  readonly services: Services;
  readonly registry: Registry;
  readonly log: Logger;
}

/** Returns what closes it: it finishes the step and hands its leases back. */
export async function embedWorker({
  devices,
  services,
  registry,
  log,
}: EmbeddedWorkerOptions): Promise<() => Promise<void>> {
  const { database, bus, limits } = services;
  const worker = await startWorker({ ...devices, database, bus, limits, registry, log });
  return () => worker.close();
}
