// Public face of @tessera/worker: computing queued runs, in the API's process or in one of its own.
export { ConfigError, type DeviceConfig, deviceConfig, type WorkerConfig, workerConfig } from './config.ts';
export type { DeviceOptions } from './device.ts';
export { WORKER_LIMITS, type WorkerLimits } from './limits.ts';
export { openModelPulls } from './model-pulls.ts';
export type { PreloadedPair } from './preload.ts';
export { startWorker, type Worker, type WorkerOptions } from './start-worker.ts';
