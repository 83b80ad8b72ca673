// Settings that the server hands on.
import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/index.ts';

describe('the worker inside the server', () => {
  it('has the settings of a worker process', () => {
    const { devices } = readConfig({ TESSERA_PROVIDER: 'cpu', TESSERA_THREADS: '2', TESSERA_DEVICES: '' });
    expect(devices.devices).toEqual([{ provider: 'cpu', threads: 2 }]);
    expect(devices.preload).toEqual([{ tokenizer: 'pocket-32', clip: 'pocket-clip' }]);
  });

  it('leaves a core to the server and the page unless told otherwise', () => {
    const threads = (environment: NodeJS.ProcessEnv) => readConfig(environment).devices.devices.map((d) => d.threads);
    expect(threads({})).toEqual([Math.max(1, Math.min(availableParallelism() - 1, 16))]);
    expect(threads({ TESSERA_DEVICES: '0,1', TESSERA_THREADS: '5' })).toEqual([5, 5]);
  });

  it('is refused a provider that is none, before anything is opened', () => {
    expect(() => readConfig({ TESSERA_PROVIDER: 'abacus' })).toThrow(/^TESSERA_PROVIDER must be one of auto, /);
  });
});
