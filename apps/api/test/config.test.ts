// Settings that the server hands on.
import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/index.ts';

describe('the worker inside the server', () => {
  it('has the settings of a worker process', () => {
    const { devices } = readConfig({ TESSERA_PROVIDER: 'cpu', TESSERA_THREADS: '2', TESSERA_DEVICES: '' });
    expect(devices.devices).toEqual([{ provider: 'cpu', threads: 2 }]);
    expect(devices.preload).toEqual([{ tokenizer: 'pocket-32', clip: 'pocket-clip' }]);
  });

  it('is refused a provider that is none, before anything is opened', () => {
    expect(() => readConfig({ TESSERA_PROVIDER: 'abacus' })).toThrow(/^TESSERA_PROVIDER must be one of auto, /);
  });
});
