// The contract over the CPU provider, in this process and in a child.
import { runtimeContract } from './contract.ts';

runtimeContract('cpu, inline', { provider: 'cpu', process: 'inline', threads: 2 });
runtimeContract('cpu, child', { provider: 'cpu', process: 'child', threads: 2 });
