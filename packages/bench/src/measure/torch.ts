// PyTorch in a process of its own, driven line by line, so that its steps interleave with ours.
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Crop } from '@tessera/engine';
import type { MeasuredModels } from '../models/load.ts';

const SCRIPT = fileURLToPath(new URL('../../python/torch_step.py', import.meta.url));

/** What one step of the other implementation is given. */
export interface TorchViews {
  readonly crops: readonly Crop[];
  /** Side of a crop in pixels. */
  readonly side: number;
  readonly direction: Float32Array;
}

export interface TorchPlan {
  readonly learningRate: number;
  readonly noise: number;
  readonly regularisation: number;
  readonly ema: number;
}

/** The first Python that has torch and numpy, or why there is none. */
export function findTorch(): { python: string; version: string } | { missing: string } {
  const named = process.env.TESSERA_PYTHON;
  const candidates = named ? [named] : ['python3', '/usr/bin/python3'];
  for (const python of candidates) {
    const tried = spawnSync(python, ['-c', 'import numpy, torch; print(torch.__version__)'], { encoding: 'utf8' });
    if (tried.status === 0) return { python, version: tried.stdout.trim() };
  }
  return {
    missing: `no torch in ${candidates.join(' or ')}; install Debian's python3-torch, or name a Python with torch in TESSERA_PYTHON`,
  };
}

export class TorchStep {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #errors = '';

  private constructor(python: string) {
    this.#process = spawn(python, [SCRIPT], { env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-4000);
    });
    // A process that ended early is reported by the read that follows.
    this.#process.stdin.on('error', () => undefined);
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  static async open(
    python: string,
    models: MeasuredModels,
    options: { readonly frozen: boolean; readonly threads: number; readonly plan: TorchPlan },
  ): Promise<TorchStep> {
    const opened = new TorchStep(python);
    await opened.#ask({ ...models.files, config: models.config, ...options });
    return opened;
  }

  /** Loss and gradient [tokens * channels] at `latents`, from which the next step starts. */
  async gradient(latents: Float32Array, views: TorchViews): Promise<{ loss: number; gradient: readonly number[] }> {
    const found = await this.#ask({ do: 'gradient', latents: [...latents], ...wire(views) });
    return { loss: found.loss as number, gradient: found.gradient as number[] };
  }

  /** Milliseconds of one whole step, measured inside the process. */
  async step(views: TorchViews): Promise<number> {
    return (await this.#ask({ do: 'step', ...wire(views) })).ms as number;
  }

  async peakBytes(): Promise<number> {
    return (await this.#ask({ do: 'memory' })).peakBytes as number;
  }

  async #ask(message: object): Promise<Record<string, unknown>> {
    this.#process.stdin.write(`${JSON.stringify(message)}\n`);
    const line = await this.#lines.next();
    if (line.done)
      throw new Error(`The PyTorch process ended: ${this.#errors.trim().split('\n').at(-1) ?? 'no word why'}`);
    return JSON.parse(line.value) as Record<string, unknown>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.stdin.end();
    await ended;
  }
}

function wire({ crops, side, direction }: TorchViews) {
  return { crops: crops.map(({ top, left, flip }) => [top, left, flip]), side, direction: [...direction] };
}
