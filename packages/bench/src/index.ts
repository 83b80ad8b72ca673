// Public face of @tessera/bench: the benchmark as a command.
export { runBench } from './run.ts';
