// The lanes of one device: runs that take their steps together, joining and leaving between steps.
import { type Engine, type Run, type StepOutcome, stepTogether } from '@tessera/engine';
import { stepSpan } from './tracing.ts';

interface Request {
  readonly run: Run;
  /** Not together with others: after a crash, to find out whose it is. */
  readonly alone: boolean;
  readonly resolve: (outcome: StepOutcome) => void;
}

/** A run's place in the lanes. While it has one, a shared step waits a moment for it. */
export interface Lane extends Disposable {
  /** One step; the outcome says whether it failed. Never rejects. */
  step(options: { readonly alone: boolean }): Promise<StepOutcome>;
}

export class Lanes {
  readonly #engine: Engine;
  readonly #waitMs: number;
  readonly #members = new Set<Run>();
  #requests: Request[] = [];
  #timer: NodeJS.Timeout | undefined;
  #stepping = false;

  constructor(engine: Engine, waitMs: number) {
    this.#engine = engine;
    this.#waitMs = waitMs;
  }

  join(run: Run): Lane {
    this.#members.add(run);
    return {
      step: ({ alone }) =>
        new Promise((resolve) => {
          this.#requests.push({ run, alone, resolve });
          this.#consider();
        }),
      [Symbol.dispose]: () => {
        this.#members.delete(run);
        this.#consider();
      },
    };
  }

  /** Steps when every member is ready, or the first has waited long enough. */
  #consider(): void {
    if (this.#stepping || this.#requests.length === 0) return;
    if (this.#requests.length >= this.#members.size) void this.#step();
    else this.#timer ??= setTimeout(() => void this.#step(), this.#waitMs);
  }

  async #step(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#stepping) return;
    this.#stepping = true;
    const requests = this.#requests;
    this.#requests = [];
    const together = requests.filter(({ alone }) => !alone);
    const groups = [together, ...requests.filter(({ alone }) => alone).map((request) => [request])];
    for (const group of groups) await this.#stepGroup(group);
    this.#stepping = false;
    this.#consider();
  }

  async #stepGroup(group: readonly Request[]): Promise<void> {
    if (group.length === 0) return;
    const outcomes = await stepSpan(group.length, () =>
      stepTogether(
        this.#engine,
        group.map(({ run }) => run),
      ),
    );
    for (const [i, { resolve }] of group.entries()) resolve(outcomes[i]!);
  }
}
