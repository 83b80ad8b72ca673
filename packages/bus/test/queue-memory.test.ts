// The run queue in memory.
import { describe } from 'vitest';
import { openBus } from '../src/index.ts';
import { queueContract } from './queue-contract.ts';

describe('run queue in memory', () => {
  queueContract((limits = {}) => openBus({ limits }));
});
