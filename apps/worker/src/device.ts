// One device of this machine: its engine process, its lanes, and the runs that it takes from the queue.
import type { CallServer, Consumer } from '@tessera/bus';
import { claimNext } from '@tessera/db';
import { Engine, type ModelLibrary } from '@tessera/engine';
import type { ModelStore } from '@tessera/models';
import { openRuntime, type ProviderChoice } from '@tessera/runtime';
import { serveCompute } from '@tessera/wire';
import { engineCompute } from './compute/engine-compute.ts';
import type { Desk } from './desk.ts';
import { HeldRun } from './held-run.ts';
import { type PreloadedPair, preload } from './preload.ts';

export interface DeviceOptions {
  /** An engine that somebody else opened and will close; without it, one is opened. */
  readonly engine?: Engine;
  /** Default `auto`. */
  readonly provider?: ProviderChoice;
  /** Number of the device, for providers that have several. */
  readonly deviceId?: number;
  readonly threads?: number;
  /** Runs at a time. Default: 1 on the CPU, which gains nothing from more; 4 elsewhere. */
  readonly lanes?: number;
}

const LANES = { cpu: 1, other: 4 };

/** Graphs kept loaded: those of a run, of the one before it, and of requests for pictures and features in between. */
const IDLE_GRAPHS = 16;

export interface OpenedEngine {
  readonly engine: Engine;
  readonly lanes: number;
  close(): Promise<void>;
}

/** @throws ProviderUnavailableError, OptionError */
export async function openEngine(options: DeviceOptions, library: ModelLibrary): Promise<OpenedEngine> {
  const engine = options.engine ?? (await startEngine(options, library));
  const lanes = options.lanes ?? (engine.runtime.provider === 'cpu' ? LANES.cpu : LANES.other);
  const close = async () => {
    if (!options.engine) await engine[Symbol.asyncDispose]();
  };
  return { engine, lanes, close };
}

async function startEngine(
  { provider = 'auto', deviceId, threads }: DeviceOptions,
  library: ModelLibrary,
): Promise<Engine> {
  const runtime = await openRuntime({
    provider,
    process: 'child',
    ...(deviceId !== undefined && { deviceId }),
    ...(threads !== undefined && { threads }),
  });
  return new Engine({ runtime, library, idleGraphs: IDLE_GRAPHS });
}

export interface DeviceFacts {
  /** Id of this device's leases. */
  readonly name: string;
  readonly lanes: number;
  readonly capabilities: readonly string[];
  /** The models of this machine, for requests that list them. */
  readonly store: ModelStore;
}

export class Device {
  readonly name: string;
  readonly lanes: number;
  readonly #desk: Desk;
  readonly #capabilities: readonly string[];
  readonly #store: ModelStore;
  #consumer: Consumer | undefined;
  #server: CallServer | undefined;

  constructor(desk: Desk, { name, lanes, capabilities, store }: DeviceFacts) {
    this.#desk = desk;
    this.#store = store;
    this.name = name;
    this.lanes = lanes;
    this.#capabilities = [...capabilities, `provider:${desk.engine.runtime.provider}`];
  }

  /** Takes runs, and requests beside them, from now on. */
  start(): void {
    const { bus, engine, announcer, log } = this.#desk;
    this.#server = serveCompute(bus.calls, engineCompute(engine, this.#store), {
      onError: (error) => log.error({ err: error }, 'a request failed for a reason of ours'),
    });
    this.#consumer = bus.queue.consume((_, signal) => this.#drain(signal), {
      concurrency: this.lanes,
      onError: (error) => log.error({ err: error }, 'no run could be claimed'),
    });
    // What was queued before this process began had its hint elsewhere: every lane looks once.
    for (let lane = 0; lane < this.lanes; lane++) void announcer.hint(`start-${lane}`);
  }

  async preload(pairs: readonly PreloadedPair[]): Promise<void> {
    const { engine, log } = this.#desk;
    for (const pair of pairs) {
      await preload(engine, pair).catch((error: unknown) =>
        log.warn({ err: error, ...pair }, 'the models could not be loaded ahead'),
      );
    }
  }

  /** Takes nothing more, and waits until the runs that it holds are handed back. */
  async stop(): Promise<void> {
    await Promise.all([this.#consumer?.close(), this.#server?.close()]);
  }

  /**
   * Computes runs until none is claimable: a hint says little, since a run that was refused for its user's quota gets no
   * other one when another run of the user ends.
   */
  async #drain(signal: AbortSignal): Promise<void> {
    const { database, limits } = this.#desk;
    while (!signal.aborted) {
      const claim = await claimNext(database, {
        worker: this.name,
        capabilities: this.#capabilities,
        leaseSeconds: limits.leaseSeconds,
        runningRunsPerUser: limits.runningRunsPerUser,
        runningRunsPerWorkspace: limits.runningRunsPerWorkspace,
      });
      if (!claim) return;
      const busy = this.#desk.metrics.lanesBusy.labels({ device: this.name });
      busy.inc();
      const departure = await new HeldRun(this.#desk, claim).compute(signal);
      busy.dec();
      // A database that takes no writes gives no better luck with the next run.
      if (departure.kind === 'lost') return;
    }
  }
}
