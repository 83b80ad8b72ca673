// The worker on the embedded database and the bus in memory.
import { workerContract } from './contract.ts';
import { embedded } from './support/stage.ts';

workerContract('PGlite and memory', embedded);
