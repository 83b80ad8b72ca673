// Starts the engine process, and sees to it that none outlives this one.
import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const running = new Set<ChildProcess>();

function killRunning(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** An engine process that has not said hello yet. It does not keep this process alive unless the caller refs it. */
export function launchEngine(): ChildProcess {
  // The packages are TypeScript sources. Resolved from here, tsx is found whatever the working directory is.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const child = fork(fileURLToPath(new URL('./main.ts', import.meta.url)), [], {
    serialization: 'advanced',
    execArgv: ['--import', tsx],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // A process group of its own: Ctrl-C in a terminal goes to the parent alone, also before the child has its signal handlers.
    detached: process.platform !== 'win32',
  });
  // One listener for all children, and none when there are none.
  if (running.size === 0) process.on('exit', killRunning);
  running.add(child);
  const forget = () => {
    if (running.delete(child) && running.size === 0) process.off('exit', killRunning);
  };
  child.once('exit', forget);
  child.once('error', () => {
    if (child.pid === undefined) forget();
  });
  return child;
}
