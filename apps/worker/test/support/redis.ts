// A private Redis on a Unix socket in a temporary folder, or the one that TESSERA_TEST_REDIS names.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PrivateRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/** A string says why there is none, for the test to print. */
export async function startRedis(): Promise<PrivateRedis | string> {
  const external = process.env.TESSERA_TEST_REDIS;
  if (external) return { url: external, stop: async () => undefined };
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    return 'no Redis: set TESSERA_TEST_REDIS to a URL, or install redis-server';
  }
  const folder = mkdtempSync(join(tmpdir(), 'tessera-worker-redis-'));
  const socket = join(folder, 's');
  const options = ['--port', '0', '--unixsocket', socket, '--dir', folder, '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', options, { stdio: 'ignore' });
  const kill = () => server.kill('SIGKILL');
  process.once('exit', kill);
  while (!(await answers(socket))) await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    url: socket,
    async stop() {
      process.off('exit', kill);
      const ended = once(server, 'exit');
      kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.on('error', () => end(false));
    socket.on('data', () => end(true));
    socket.on('connect', () => socket.write('PING\r\n'));
  });
}
