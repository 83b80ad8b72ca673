// The document store in memory passes the contract.
import { MemoryDocumentStore } from '../src/index.ts';
import { storeContract } from './store-contract.ts';

storeContract('memory', async () => new MemoryDocumentStore());
