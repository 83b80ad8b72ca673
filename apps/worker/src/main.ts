// A worker process of its own, beside PostgreSQL and Redis. Ends on SIGTERM or SIGINT: finishes the step, hands runs back.
import { openBus } from '@tessera/bus';
import { openDatabase } from '@tessera/db';
import { type Logger, pino } from 'pino';
import { workerConfig } from './config.ts';
import { serveMetrics } from './metrics-server.ts';
import { startWorker } from './start-worker.ts';

/** Connections: each lane writes, renews and claims. */
const connectionsFor = (lanes: number) => 4 + 2 * lanes;

async function run(log: Logger): Promise<void> {
  const config = workerConfig(process.env);
  log.level = config.logLevel;
  const lanes = config.devices.reduce((sum, device) => sum + (device.lanes ?? 1), 0);
  await using database = await openDatabase({ url: config.databaseUrl, connections: connectionsFor(lanes) });
  await using bus = await openBus({
    redisUrl: config.redisUrl,
    ...(config.redisPrefix !== undefined && { prefix: config.redisPrefix }),
  });
  const stop = stopSignal(log);
  await using worker = await startWorker({
    ...{ database, bus, devices: config.devices, preload: config.preload, log },
    ...(config.name !== undefined && { name: config.name }),
  });
  await using _metrics = await serveMetrics(config.metricsPort, { registry: worker.registry, database });
  log.info({ worker: worker.name, lanes: worker.lanes }, 'worker started');
  await stop;
}

/** Settles at the first signal; a second one ends the process at once. */
function stopSignal(log: Logger): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = (signal: NodeJS.Signals) => {
      if (asked) process.exit(1);
      asked = true;
      log.info({ signal }, 'stopping: runs are handed back after their step');
      resolve();
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}

const log = pino();
run(log).catch((error: unknown) => {
  log.fatal({ err: error }, 'the worker cannot run');
  process.exitCode = 1;
});
