// Real worker processes on PostgreSQL and Redis, to be killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'src', 'main.ts');

export interface WorkerAddress {
  readonly database: string;
  readonly redis: string;
}

export class WorkerProcess implements AsyncDisposable {
  readonly name: string;
  readonly #child: ChildProcess;
  /** Settles when it takes runs. */
  readonly started: Promise<void>;

  constructor(name: string, { database, redis }: WorkerAddress, env: Record<string, string> = {}) {
    this.name = name;
    this.#child = spawn(process.execPath, ['--import', 'tsx', MAIN], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        DATABASE_URL: database,
        REDIS_URL: redis,
        TESSERA_PROVIDER: 'cpu',
        TESSERA_THREADS: '2',
        TESSERA_WORKER_NAME: name,
        TESSERA_LOG: 'info',
        ...env,
      },
    });
    process.once('exit', this.#killNow);
    this.started = this.#says('worker started');
  }

  #says(message: string): Promise<void> {
    const lines = createInterface({ input: this.#child.stdout! });
    return new Promise((resolve, reject) => {
      lines.on('line', (line) => {
        if (process.env.TESSERA_TEST_LOG) console.log(this.name, line);
        if (line.includes(`"msg":"${message}"`)) resolve();
      });
      lines.on('close', () => reject(new Error(`worker ${this.name} ended before it said: ${message}`)));
    });
  }

  /** Whether a lease belongs to it. */
  owns(leaseOwner: string): boolean {
    return leaseOwner.startsWith(`${this.name}-`);
  }

  /** The exit code, null after a signal. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    process.off('exit', this.#killNow);
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode;
    const exited = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exited;
    return this.#child.exitCode;
  }

  readonly #killNow = (): void => {
    this.#child.kill('SIGKILL');
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL');
  }
}
