// The settings of a worker process, from its environment.
import type { PocketModel } from '@tessera/pocket';
import { defaultThreads, PROVIDERS, type ProviderChoice } from '@tessera/runtime';
import * as z from 'zod';
import type { DeviceOptions } from './device.ts';
import type { PreloadedPair } from './preload.ts';

/** A setting that cannot be used; the message names the variable. */
export class ConfigError extends Error {
  readonly variable: string;

  constructor(variable: string, problem: string) {
    super(`${variable} ${problem}`);
    this.name = new.target.name;
    this.variable = variable;
  }
}

/** What a process says about its devices, also one that has its worker inside. */
export interface DeviceConfig {
  readonly devices: readonly DeviceOptions[];
  readonly preload: readonly PreloadedPair[];
}

export interface WorkerConfig extends DeviceConfig {
  /** PostgreSQL: an embedded database belongs to one process, which has its worker inside. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly redisPrefix: string | undefined;
  readonly name: string | undefined;
  readonly logLevel: string;
  /** Port of /metrics and /health; none by default. */
  readonly metricsPort: number | undefined;
}

const whole = (min: number, max: number, what: string) =>
  z.coerce
    .number({ error: `must be ${what}` })
    .int(`must be ${what}`)
    .min(min, `must be ${what}`)
    .max(max, `must be ${what}`);

const providers: readonly string[] = ['auto', ...Object.keys(PROVIDERS)];
const isProvider = (name: string): name is ProviderChoice => providers.includes(name);

const deviceSchema = z.object({
  TESSERA_PROVIDER: z
    .string()
    .default('auto')
    .refine(isProvider, { error: `must be one of ${providers.join(', ')}` }),
  TESSERA_DEVICES: z
    .string()
    .regex(/^\d+(,\d+)*$/, 'must be numbers with commas between, such as 0,1')
    .optional(),
  TESSERA_LANES: whole(1, 64, 'a whole number from 1 to 64').optional(),
  TESSERA_THREADS: whole(1, 1024, 'a whole number from 1 to 1024').optional(),
  TESSERA_PRELOAD: z
    .string()
    .regex(/^[^+,]+\+[^+,]+(,[^+,]+\+[^+,]+)*$/, 'must be pairs TOKENIZER+CLIP with commas between')
    .default('pocket-32+pocket-clip' satisfies `${PocketModel}+${PocketModel}`),
});

const processSchema = z.object({
  DATABASE_URL: z
    .string({ error: 'is needed: postgresql://USER@HOST/DATABASE' })
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://'),
  REDIS_URL: z.string({ error: 'is needed: redis://HOST:PORT, or the path of a socket' }).min(1, 'is empty'),
  TESSERA_REDIS_PREFIX: z.string().min(1, 'is empty').optional(),
  TESSERA_WORKER_NAME: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits or _ . -')
    .optional(),
  TESSERA_LOG: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], {
      error: 'must be one of trace, debug, info, warn, error, silent',
    })
    .default('info'),
  TESSERA_METRICS_PORT: whole(0, 65_535, 'a port').optional(),
});

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `leave`: cores that the engine's threads keep free by default, for who else works in real time on this machine.
 * @throws ConfigError naming the first variable that is wrong
 */
export function deviceConfig(environment: Environment, { leave = 0 }: { readonly leave?: number } = {}): DeviceConfig {
  const env = parse(deviceSchema, environment);
  const threads = env.TESSERA_THREADS ?? (leave > 0 ? defaultThreads({ leave }) : undefined);
  const device: DeviceOptions = {
    provider: env.TESSERA_PROVIDER,
    ...(env.TESSERA_LANES !== undefined && { lanes: env.TESSERA_LANES }),
    ...(threads !== undefined && { threads }),
  };
  const ids = env.TESSERA_DEVICES?.split(',').map(Number);
  return {
    devices: ids ? ids.map((deviceId) => ({ ...device, deviceId })) : [device],
    preload: env.TESSERA_PRELOAD.split(',').map((pair) => {
      const [tokenizer, clip] = pair.split('+') as [string, string];
      return { tokenizer, clip };
    }),
  };
}

/** @throws ConfigError naming the first variable that is wrong */
export function workerConfig(environment: Environment): WorkerConfig {
  const env = parse(processSchema, environment);
  return {
    ...deviceConfig(environment),
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    redisPrefix: env.TESSERA_REDIS_PREFIX,
    name: env.TESSERA_WORKER_NAME,
    logLevel: env.TESSERA_LOG,
    metricsPort: env.TESSERA_METRICS_PORT,
  };
}

function parse<S extends z.ZodType>(schema: S, environment: Environment): z.output<S> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new ConfigError(issue.path.join('.'), issue.message);
}
