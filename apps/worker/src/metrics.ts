// What a worker counts, for Prometheus.
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface WorkerMetrics {
  readonly registry: Registry;
  readonly stepSeconds: Histogram<'model'>;
  readonly frames: Counter;
  readonly runs: Counter<'ending'>;
  readonly lanesBusy: Gauge<'device'>;
  readonly engineCrashes: Counter;
  readonly leasesLost: Counter;
}

/** 5 ms, a small model on a GPU, to 20 s, a large one on a CPU. */
const STEP_BUCKETS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20];

export interface DeviceStats {
  readonly name: string;
  readonly restarts: number;
}

/** In the given registry, or one of its own. `devices` is asked at every scrape. */
export function workerMetrics(devices: () => readonly DeviceStats[], registry = new Registry()): WorkerMetrics {
  const registers = [registry];
  new Gauge({
    name: 'tessera_engine_restarts',
    help: 'Engine processes started after the last had died, by device.',
    labelNames: ['device'],
    registers,
    collect() {
      for (const { name, restarts } of devices()) this.set({ device: name }, restarts);
    },
  });
  return {
    registry,
    stepSeconds: new Histogram({
      name: 'tessera_step_seconds',
      help: 'Time of an optimisation step, with its frame and waiting for other lanes, by tokenizer.',
      labelNames: ['model'],
      buckets: STEP_BUCKETS,
      registers,
    }),
    frames: new Counter({ name: 'tessera_frames_total', help: 'Frames encoded and published.', registers }),
    runs: new Counter({
      name: 'tessera_runs_total',
      help: 'Runs that left this worker, by how: an ending, paused, handed back, fenced, lost.',
      labelNames: ['ending'],
      registers,
    }),
    lanesBusy: new Gauge({
      name: 'tessera_lanes_busy',
      help: 'Runs held now, by device.',
      labelNames: ['device'],
      registers,
    }),
    engineCrashes: new Counter({
      name: 'tessera_engine_crashes_total',
      help: 'Steps or loads that ended with the engine process.',
      registers,
    }),
    leasesLost: new Counter({
      name: 'tessera_leases_expired_total',
      help: 'Leases of silent workers that this process took back.',
      registers,
    }),
  };
}
