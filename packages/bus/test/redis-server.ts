// A private Redis server on a Unix socket in a temporary folder; it can be killed, restarted and cut off.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket, connect as tcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const external = process.env.TESSERA_TEST_REDIS;
const binary = !external && spawnSync('redis-server', ['--version']).status === 0;

/** Why Redis is not tested here, or undefined where it is. */
export const noRedis =
  external || binary ? undefined : 'no redis-server binary and TESSERA_TEST_REDIS is not set: Redis is not tested';
/** Why killing and restarting is not tested here. */
export const noPrivateRedis = binary ? undefined : (noRedis ?? 'TESSERA_TEST_REDIS is not ours to kill');
if (noRedis) console.warn(`skipped: ${noRedis}`);

export class RedisServer implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'tessera-redis-'));
  readonly socket = join(this.folder, 's');
  #process: ChildProcess | undefined;
  readonly #args: readonly string[];

  private constructor(args: readonly string[]) {
    this.#args = args;
  }

  static async start(...args: string[]): Promise<RedisServer> {
    const server = new RedisServer(args);
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const base = ['--port', '0', '--unixsocket', this.socket, '--dir', this.folder, '--save', '', '--appendonly', 'no'];
    this.#process = spawn('redis-server', [...base, ...this.#args], { stdio: 'ignore' });
    const until = Date.now() + 60_000;
    while (Date.now() < until) {
      if (await answers(this.socket)) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('redis-server did not start');
  }

  /** SIGKILL, and wait for the end. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    rmSync(this.socket, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = tcp(path);
    const end = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.on('error', () => end(false));
    socket.on('data', (data) => end(data.toString().startsWith('+PONG')));
    socket.on('connect', () => socket.write('PING\r\n'));
  });
}

/** A socket in front of a server whose connections can be cut. */
export class Cutter implements AsyncDisposable {
  readonly path: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(path: string, server: Server) {
    this.path = path;
    this.#server = server;
  }

  static async open(target: RedisServer): Promise<Cutter> {
    const path = join(target.folder, `cut-${randomUUID().slice(0, 8)}`);
    const server = createServer((from) => {
      const to = tcp(target.socket);
      from.pipe(to).pipe(from);
      for (const socket of [from, to]) {
        cutter.#sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          cutter.#sockets.delete(socket);
          from.destroy();
          to.destroy();
        });
      }
    });
    const cutter = new Cutter(path, server);
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return cutter;
  }

  get connections(): number {
    return this.#sockets.size / 2;
  }

  /** Drops every connection; new ones are taken. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A server for a whole test file, and a prefix of its own per call. */
export async function sharedRedis(): Promise<{ url: string; close(): Promise<void> }> {
  if (external) return { url: external, close: async () => {} };
  const server = await RedisServer.start();
  return { url: server.socket, close: () => server[Symbol.asyncDispose]() };
}

export function freshPrefix(): string {
  return `test-${randomUUID()}`;
}
