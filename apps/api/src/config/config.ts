// Every setting of the server, read once from the environment; docs/server.md has the same table.
import { LIMITS, type LimitName, type Limits } from '@tessera/protocol';
import { type DeviceConfig, deviceConfig } from '@tessera/worker';
import * as z from 'zod';
import { dataFolder } from './data-folder.ts';
import { ConfigError } from './errors.ts';
import { isLoopback } from './loopback.ts';

const flag = (fallback: 'on' | 'off') =>
  z
    .enum(['on', 'off'])
    .default(fallback)
    .transform((value) => value === 'on');
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  );

const environmentSchema = z.object({
  TESSERA_HOST: z.string().min(1).default('127.0.0.1'),
  TESSERA_PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** Embedded database and secret. */
  TESSERA_DATA: z.string().min(1).optional(),
  DATABASE_URL: z.string().min(1).optional(),
  REDIS_URL: z.string().min(1).optional(),
  TESSERA_REDIS_PREFIX: z
    .string()
    .regex(/^[\w-]{1,40}$/, 'must be 1 to 40 letters, digits, _ or -')
    .default('tessera'),
  TESSERA_ACCOUNTS: flag('off'),
  TESSERA_SIGN_UP: z.enum(['open', 'invited', 'closed']).default('invited'),
  TESSERA_ORIGINS: list,
  TESSERA_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  TESSERA_PAGE: flag('on'),
  TESSERA_WORKER: flag('on'),
  TESSERA_EXPLORER: z.enum(['on', 'off']).optional(),
  TESSERA_DOCUMENTS: z.enum(['any', 'known']).default('any'),
  TESSERA_DOCUMENTS_FILE: z.string().min(1).optional(),
  TESSERA_METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  TESSERA_TRUST_PROXY: flag('off'),
  TESSERA_LOG: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  TESSERA_LIMITS: z.string().default('{}'),
  NODE_ENV: z.string().optional(),
});

export interface ServerConfig {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly dataDirectory: string;
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  readonly redisPrefix: string;
  /** People sign in; otherwise everybody on this machine is the one local user. */
  readonly accounts: boolean;
  readonly signUp: 'open' | 'invited' | 'closed';
  /** Origins of pages that may connect, beside the server's own on loopback: `https://studio.example.org`. */
  readonly origins: readonly string[];
  readonly secret?: string;
  readonly page: boolean;
  /** Compute runs in this process's own worker. */
  readonly worker: boolean;
  /** Provider, threads, lanes and models of that worker: the settings of a worker process. */
  readonly devices: DeviceConfig;
  /** /explorer; by default in local mode and while developing. */
  readonly explorer: boolean;
  /** `known`: who is not signed in with an account, in local mode too, may send only the page's own documents. */
  readonly documents: 'any' | 'known';
  /** JSON of documents by SHA-256, instead of those of the page that is served. */
  readonly documentsFile?: string;
  readonly metricsToken?: string;
  readonly trustProxy: boolean;
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
  readonly limits: Partial<Limits>;
  /** NODE_ENV=development: the page compiles on demand. */
  readonly development: boolean;
}

/** @throws ConfigError, or the worker's of that name, naming the first setting that cannot be used */
export function readConfig(environment: NodeJS.ProcessEnv): ServerConfig {
  const parsed = environmentSchema.safeParse(withoutEmpty(environment));
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new ConfigError(String(path[0]), message);
  }
  const e = parsed.data;
  const development = e.NODE_ENV === 'development';
  const config: ServerConfig = {
    host: e.TESSERA_HOST,
    port: e.TESSERA_PORT,
    dataDirectory: dataFolder(environment),
    ...(e.DATABASE_URL && { databaseUrl: e.DATABASE_URL }),
    ...(e.REDIS_URL && { redisUrl: e.REDIS_URL }),
    redisPrefix: e.TESSERA_REDIS_PREFIX,
    accounts: e.TESSERA_ACCOUNTS,
    signUp: e.TESSERA_SIGN_UP,
    origins: e.TESSERA_ORIGINS.map(originOf),
    ...(e.TESSERA_SECRET && { secret: e.TESSERA_SECRET }),
    page: e.TESSERA_PAGE,
    worker: e.TESSERA_WORKER,
    // Server and page share the machine: a thread that computes on the last core makes every other wait for it at each operator.
    devices: deviceConfig(withoutEmpty(environment), { leave: 1 }),
    explorer: e.TESSERA_EXPLORER ? e.TESSERA_EXPLORER === 'on' : development || !e.TESSERA_ACCOUNTS,
    documents: e.TESSERA_DOCUMENTS,
    ...(e.TESSERA_DOCUMENTS_FILE && { documentsFile: e.TESSERA_DOCUMENTS_FILE }),
    ...(e.TESSERA_METRICS_TOKEN && { metricsToken: e.TESSERA_METRICS_TOKEN }),
    trustProxy: e.TESSERA_TRUST_PROXY,
    logLevel: e.TESSERA_LOG,
    limits: limitsOf(e.TESSERA_LIMITS),
    development,
  };
  checkTogether(config);
  return config;
}

/** What single settings cannot say about themselves. */
function checkTogether(config: ServerConfig): void {
  if (!config.accounts && !isLoopback(config.host)) {
    throw new ConfigError(
      'TESSERA_HOST',
      `${config.host} can be reached from outside, and nobody would have to sign in; set TESSERA_ACCOUNTS=on, or listen on 127.0.0.1.`,
    );
  }
  if (config.databaseUrl && !config.secret) {
    throw new ConfigError(
      'TESSERA_SECRET',
      'is missing; every process of one DATABASE_URL needs the same 32 or more random characters.',
    );
  }
  if (config.redisUrl && !config.databaseUrl) {
    throw new ConfigError('DATABASE_URL', 'is missing; with REDIS_URL several processes share one PostgreSQL.');
  }
  if (config.databaseUrl && !config.redisUrl && !config.worker) {
    throw new ConfigError('REDIS_URL', 'is missing; without it a worker in another process never hears of runs.');
  }
}

/** An empty variable is one that is not set, as Compose files write it. */
const withoutEmpty = (environment: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.origin;
  throw new ConfigError(
    'TESSERA_ORIGINS',
    `${text} is no origin; write https://studio.example.org, several with commas.`,
  );
}

function limitsOf(text: string): Partial<Limits> {
  const wrong = (what: string) =>
    new ConfigError(
      'TESSERA_LIMITS',
      `${what}; write JSON such as {"queryDepth": 15}, with the names of docs/server.md.`,
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong('this is no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('this is no object');
  const own: Partial<Record<LimitName, number>> = {};
  for (const [name, limit] of Object.entries(value)) {
    if (!Object.hasOwn(LIMITS, name)) throw wrong(`there is no limit ${name}`);
    if (typeof limit !== 'number' || !(limit >= 0)) throw wrong(`${name} is no number of 0 or more`);
    own[name as LimitName] = limit;
  }
  return own;
}
