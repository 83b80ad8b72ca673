// Calls in memory.
import { describe } from 'vitest';
import { openBus } from '../src/index.ts';
import { callsContract } from './calls-contract.ts';

describe('calls in memory', () => {
  callsContract((limits = {}) => openBus({ limits }));
});
