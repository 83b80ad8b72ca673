// The environment of a worker process: what is read, and the words for what is wrong.
import { expect, it } from 'vitest';
import { ConfigError, workerConfig } from '../src/index.ts';

const NEEDED = { DATABASE_URL: 'postgresql://user@host/tessera', REDIS_URL: 'redis://host:6379' };

it('needs a database and a bus, and has defaults for the rest', () => {
  expect(workerConfig(NEEDED)).toEqual({
    databaseUrl: NEEDED.DATABASE_URL,
    redisUrl: NEEDED.REDIS_URL,
    redisPrefix: undefined,
    devices: [{ provider: 'auto' }],
    preload: [{ tokenizer: 'pocket-32', clip: 'pocket-clip' }],
    name: undefined,
    logLevel: 'info',
    metricsPort: undefined,
  });
});

it('makes one device of each number', () => {
  const config = workerConfig({ ...NEEDED, TESSERA_PROVIDER: 'cuda', TESSERA_DEVICES: '0,3', TESSERA_LANES: '8' });
  expect(config.devices).toEqual([
    { provider: 'cuda', lanes: 8, deviceId: 0 },
    { provider: 'cuda', lanes: 8, deviceId: 3 },
  ]);
});

it.each([
  [{}, 'DATABASE_URL', /is needed/],
  [{ ...NEEDED, DATABASE_URL: 'mysql://host' }, 'DATABASE_URL', /must begin with postgresql/],
  [{ DATABASE_URL: NEEDED.DATABASE_URL }, 'REDIS_URL', /is needed/],
  [{ ...NEEDED, TESSERA_PROVIDER: 'tpu' }, 'TESSERA_PROVIDER', /must be one of auto, cpu, cuda/],
  [{ ...NEEDED, TESSERA_DEVICES: '0;1' }, 'TESSERA_DEVICES', /numbers with commas/],
  [{ ...NEEDED, TESSERA_LANES: '0' }, 'TESSERA_LANES', /whole number from 1 to 64/],
  [{ ...NEEDED, TESSERA_LANES: 'many' }, 'TESSERA_LANES', /whole number from 1 to 64/],
  [{ ...NEEDED, TESSERA_PRELOAD: 'pocket-32' }, 'TESSERA_PRELOAD', /pairs TOKENIZER\+CLIP/],
  [{ ...NEEDED, TESSERA_LOG: 'loud' }, 'TESSERA_LOG', /must be one of/],
])('names the variable that is wrong: %j', (environment, variable, words) => {
  const read = () => workerConfig(environment);
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(expect.objectContaining({ variable, message: expect.stringMatching(words) }));
});
