// What Prometheus may read: sockets, operations, pictures sent, the queue, and how late the event loop is.
import type { Bus } from '@tessera/bus';
import { type Database, queueLoad } from '@tessera/db';
import { type Counter, collectDefaultMetrics, Gauge, Histogram, Counter as PromCounter, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  readonly frames: Counter;
  readonly requests: Histogram<'kind' | 'outcome'>;
}

export function makeMetrics(): Metrics {
  const registry = new Registry();
  // With the event loop's delay, memory and garbage collection.
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    frames: new PromCounter({ name: 'tessera_frames_sent_total', help: 'Pictures sent over sockets', registers }),
    requests: new Histogram({
      name: 'tessera_request_seconds',
      help: 'Time from a request to its answer',
      labelNames: ['kind', 'outcome'],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
  };
}

export interface Watched {
  readonly database: Database;
  readonly bus: Bus;
  readonly sockets: { readonly sockets: number; readonly subscriptions: number };
}

/** Gauges that are read when somebody asks. */
export function watch({ registry }: Metrics, { database, bus, sockets }: Watched): void {
  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set(await read());
      },
    });
  gauge('tessera_sockets', 'Open WebSockets', () => sockets.sockets);
  gauge('tessera_operations', 'Operations that run on sockets', () => sockets.subscriptions);
  gauge('tessera_live_subscribers', 'Readers of the live channel', () => bus.live.stats().subscribers);
  gauge('tessera_live_bytes', 'Bytes the live channel holds in this process', () => bus.live.stats().bytes);
  gauge('tessera_queue_runs', 'Runs that wait for a device', async () => (await queueLoad(database)).queued);
}
