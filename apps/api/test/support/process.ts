// The server as people start it: a process of its own, watched through its output.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));

export interface ServerProcess {
  readonly child: ChildProcess;
  readonly origin: string;
  readonly port: number;
  /** Everything it said so far. */
  readonly output: () => string;
  /** Sends a signal and waits for the end: its exit code, or null where the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Runs a file of this package to its end. */
export async function runToEnd(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<{ code: number | null; output: string }> {
  const { child, output } = start(file, args, environment);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: output() };
}

/** Settles when it is ready. @throws with its output where it ends before */
export async function startProcess(
  environment: Readonly<Record<string, string>>,
  { file = 'src/main.ts', ready = 'ready at' }: { readonly file?: string; readonly ready?: string } = {},
): Promise<ServerProcess> {
  const { child, output } = start(file, [], {
    TESSERA_PORT: '0',
    TESSERA_PAGE: 'off',
    TESSERA_LOG: 'info',
    ...environment,
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout!.on('data', () => output().includes(ready) && resolve());
    child.once('close', (code) => reject(new Error(`The server ended with ${code}: ${output()}`)));
  });
  const port = Number(/ready at http:\/\/localhost:(\d+)/.exec(output())?.[1] ?? 0);
  return {
    child,
    port,
    origin: `http://127.0.0.1:${port}`,
    output,
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const closed = once(child, 'close');
      child.kill(signal);
      const [code] = (await closed) as [number | null];
      return code;
    },
  };
}

function start(file: string, args: readonly string[], environment: Readonly<Record<string, string>>) {
  let text = '';
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], {
    cwd: PACKAGE,
    env: { ...cleanEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (text += String(data)));
  return { child, output: () => text };
}

/** Without settings of whoever runs the tests, and without what vitest tells its own workers. */
const cleanEnvironment = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(TESSERA_|DATABASE_URL|REDIS_URL|VITEST|NODE_ENV|NODE_OPTIONS)/.test(name),
    ),
  );
