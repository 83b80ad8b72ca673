// Which pages may talk to this server, and under which names it answers: lists, never what a request says of itself.
import { isIP } from 'node:net';
import type { ServerConfig } from '../config/config.ts';
import { isLoopback } from '../config/loopback.ts';

export interface Origins {
  /** Whether a page of this origin may connect. No origin: no browser, so nobody else's token is used. */
  allowsOrigin(origin: string | undefined): boolean;
  /** Whether the server answers under this `Host`; other names on loopback are rebound ones of foreign pages. */
  allowsHost(host: string | undefined): boolean;
}

/** @param port where the server listens */
export function originsOf(config: Pick<ServerConfig, 'origins' | 'host' | 'accounts'>, port: number): Origins {
  const names = ['localhost', '127.0.0.1', '[::1]', isIP(config.host) === 6 ? `[${config.host}]` : config.host];
  const own = isLoopback(config.host) ? names.map((name) => `http://${name}:${port}`) : [];
  const origins = new Set([...config.origins, ...own].map((origin) => new URL(origin).origin));
  const hosts = new Set([...origins].map((origin) => new URL(origin).host));
  return {
    allowsOrigin: (origin) => origin === undefined || origins.has(origin),
    // With accounts a request under another name has no token to use, and a proxy may rewrite names.
    allowsHost: (host) => config.accounts || (host !== undefined && (hosts.has(host) || hosts.has(`${host}:80`))),
  };
}
