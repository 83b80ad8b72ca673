// Rounds of killing: a run, a worker process killed with -9 at a random step, and what became of the run.
import { getRun, type Run } from '@tessera/db';
import { isEnding, type StepRecord } from '@tessera/protocol';
import { essence, undisturbed } from './engine.ts';
import { type Follower, follow } from './follow.ts';
import type { Stage } from './stage.ts';
import { type WorkerAddress, WorkerProcess } from './worker-process.ts';
import { smallPlan } from './world.ts';

export interface Round {
  readonly runId: string;
  /** Stored steps when its worker was killed; undefined: the run had ended before. */
  readonly killedAt: number | undefined;
  /** ms from the kill to the next stored step. */
  readonly resumeMs: number | undefined;
  /** Did not come to its end. */
  readonly lost: boolean;
  /** (run, step) stored twice or missing. */
  readonly badSteps: number;
  /** The history is not that of a run that nothing disturbed. */
  readonly differs: boolean;
  /** A subscriber, filling told gaps from the database, did not see every step once. */
  readonly badReplay: boolean;
}

const ITERATIONS = 24;
const SEEDS = 3;
const PATIENCE_MS = 120_000;

export class Chaos implements AsyncDisposable {
  readonly #stage: Stage;
  readonly #address: WorkerAddress;
  readonly #random: () => number;
  readonly #known = new Map<number, StepRecord[]>();
  #workers: WorkerProcess[] = [];
  #count = 0;

  constructor(stage: Stage, address: WorkerAddress, random: () => number) {
    this.#stage = stage;
    this.#address = address;
    this.#random = random;
  }

  async start(workers: number): Promise<void> {
    for (let i = 0; i < workers; i++) this.#spawn();
    await Promise.all(this.#workers.map(({ started }) => started));
  }

  async round(): Promise<Round> {
    // Another worker has to be there: how long a process takes to start is not asked.
    await Promise.all(this.#workers.map(({ started }) => started));
    const seed = 100 + Math.floor(this.#random() * SEEDS);
    const plan = smallPlan({ iterations: ITERATIONS, seed });
    const expected = this.#known.get(seed) ?? (await undisturbed(this.#stage.engine, plan));
    this.#known.set(seed, expected);
    const { id } = await this.#stage.world.queue(plan);
    await using seen = follow(this.#stage.bus, id);
    await this.#stage.bus.queue.hint(id);
    await within(seen.reached(1 + Math.floor(this.#random() * (ITERATIONS - 6))), 'the first steps');
    const killed = await this.#killHolder(id);
    const resumeMs = killed && (await this.#resumed(id, killed));
    const done = await this.#until(id, ({ status }) => isEnding(status));
    const steps = await this.#stage.world.steps(id);
    await within(seen.became('completed'), 'the end on the channel').catch(() => undefined);
    const numbers = steps.map(({ step }) => step);
    return {
      runId: id,
      killedAt: killed?.nextStep,
      resumeMs: resumeMs || undefined,
      lost: done?.status !== 'completed',
      badSteps: numbers.filter((step, i) => step !== i).length + Math.abs(ITERATIONS - numbers.length),
      differs: JSON.stringify(essence(steps)) !== JSON.stringify(essence(expected)),
      badReplay: !isWhole(seen, steps),
    };
  }

  #spawn(): WorkerProcess {
    this.#count += 1;
    const worker = new WorkerProcess(`chaos${this.#count}`, this.#address);
    this.#workers.push(worker);
    return worker;
  }

  /** Kills the process that holds the run, and starts another in its place. */
  async #killHolder(runId: string): Promise<Run | undefined> {
    const run = await this.#run(runId);
    const { state } = run;
    const holder = 'lease' in state && this.#workers.find((worker) => worker.owns(state.lease.worker));
    if (!holder) return undefined;
    await holder.end('SIGKILL');
    this.#workers = this.#workers.filter((worker) => worker !== holder);
    // Killed at the end of the rounds before it is up: nobody waits for it.
    this.#spawn().started.catch(() => undefined);
    return this.#run(runId);
  }

  async #resumed(runId: string, killed: Run): Promise<number | undefined> {
    const start = performance.now();
    const went = await this.#until(runId, (run) => run.nextStep > killed.nextStep || isEnding(run.status));
    return went && Math.round(performance.now() - start);
  }

  #run(runId: string): Promise<Run> {
    return getRun(this.#stage.database, this.#stage.world.workspaceId, runId);
  }

  async #until(runId: string, holds: (run: Run) => boolean): Promise<Run | undefined> {
    const end = Date.now() + PATIENCE_MS;
    while (Date.now() < end) {
      const run = await this.#run(runId);
      if (holds(run)) return run;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.end('SIGKILL')));
  }
}

/** Every step once and in order, where told gaps are read from the store. */
function isWhole({ steps, gaps }: Follower, stored: readonly StepRecord[]): boolean {
  const read = gaps.flatMap(({ from, to }) => stored.slice(from - 1, to ?? undefined));
  const numbers = [...steps, ...read].map(({ step }) => step).sort((a, b) => a - b);
  return numbers.length === stored.length && numbers.every((step, i) => step === i);
}

async function within(promise: Promise<void>, what: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${PATIENCE_MS / 1000} s for ${what}`)), PATIENCE_MS);
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
