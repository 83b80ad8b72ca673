// Starts a worker: engines, lanes and the sweeper, on a database and a bus that the caller opened and will close.
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Bus } from '@tessera/bus';
import type { Database } from '@tessera/db';
import { type Engine, type ModelLibrary, storeLibrary } from '@tessera/engine';
import { ModelStore } from '@tessera/models';
import { POCKET_MODELS } from '@tessera/pocket';
import { type Limits, limitsWith } from '@tessera/protocol';
import { type Logger, pino } from 'pino';
import type { Registry } from 'prom-client';
import { Announcer } from './announce.ts';
import { Device, type DeviceOptions, type OpenedEngine, openEngine } from './device.ts';
import { Lanes } from './lanes.ts';
import { type WorkerLimits, workerLimitsWith } from './limits.ts';
import { workerMetrics } from './metrics.ts';
import type { PreloadedPair } from './preload.ts';
import { Sweeper } from './sweeper.ts';

export interface WorkerOptions {
  readonly database: Database;
  readonly bus: Bus;
  /** At least one. Default: one, chosen by `auto`. */
  readonly devices?: readonly DeviceOptions[];
  /** Id of this process in leases and logs. Default: host, process and a random part. */
  readonly name?: string;
  readonly limits?: Partial<Limits & WorkerLimits>;
  /** What its runs may ask for beside `provider:<name>`. */
  readonly capabilities?: readonly string[];
  /** Models whose graphs are compiled at the start. Default: the embedded ones. */
  readonly preload?: readonly PreloadedPair[];
  /** Default: warnings and errors to standard output. */
  readonly log?: Logger;
  /** Where metrics go, of one worker only; a registry of its own by default. */
  readonly registry?: Registry;
}

export interface Worker extends AsyncDisposable {
  readonly name: string;
  /** The engine of the first device: for requests beside runs. */
  readonly engine: Engine;
  readonly registry: Registry;
  /** Settles when the models to preload are loaded, or could not be. Runs are taken before. */
  readonly warm: Promise<void>;
  /** Lanes of all devices. */
  readonly lanes: number;
  /** Finishes the steps under way, hands the runs back and ends the engines. Leaves database and bus open. */
  close(): Promise<void>;
}

const POCKET: PreloadedPair = { tokenizer: 'pocket-32', clip: 'pocket-clip' };

/** @throws ProviderUnavailableError, OptionError when a device cannot be opened */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { database, bus, devices: wanted = [{}], preload = [POCKET], capabilities = [] } = options;
  const name = options.name ?? `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`;
  const log = (options.log ?? pino({ level: 'warn' })).child({ worker: name });
  const limits = { ...limitsWith(options.limits), ...workerLimitsWith(options.limits) };
  const store = new ModelStore({ embedded: POCKET_MODELS });
  let engines: readonly OpenedEngine[] = [];
  const metrics = workerMetrics(
    () => engines.map(({ engine }, i) => ({ name: `${name}-${i}`, restarts: engine.runtime.restarts })),
    options.registry,
  );
  engines = await openAll(wanted, storeLibrary(store));
  const announcer = new Announcer(bus, log, limits);
  const devices: Device[] = [];
  for (const [i, { engine, lanes }] of engines.entries()) {
    const desk = {
      ...{ database, bus, engine, limits, announcer, metrics, log, embedder: preload[0]?.clip ?? POCKET.clip },
      lanes: new Lanes(engine, limits.laneWaitMs),
    };
    devices.push(new Device(desk, { name: `${name}-${i}`, lanes, capabilities, store }));
    log.info({ device: i, lanes, why: engine.runtime.why }, 'engine opened');
  }
  const sweeper = new Sweeper({ database, announcer, limits, metrics, log });
  for (const device of devices) device.start();
  sweeper.start();
  const warm = Promise.all(devices.map((device) => device.preload(preload))).then(() => undefined);
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= (async () => {
      await sweeper.stop();
      await Promise.all(devices.map((device) => device.stop()));
      await warm;
      await Promise.all(engines.map((opened) => opened.close()));
      log.info('worker closed');
    })();
    return closing;
  };
  return {
    ...{ name, warm, close },
    engine: engines[0]!.engine,
    registry: metrics.registry,
    lanes: devices.reduce((sum, device) => sum + device.lanes, 0),
    [Symbol.asyncDispose]: close,
  };
}

/** All or none. */
async function openAll(wanted: readonly DeviceOptions[], library: ModelLibrary): Promise<OpenedEngine[]> {
  const tried = await Promise.allSettled(wanted.map((device) => openEngine(device, library)));
  const opened = tried.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
  const failed = tried.find((result) => result.status === 'rejected');
  if (!failed) return opened;
  await Promise.all(opened.map((engine) => engine.close()));
  throw failed.reason;
}
