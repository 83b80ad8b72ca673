// Entry point: node --import tsx packages/bench/src/main.ts [--json] [--only NAME,NAME] [--rounds N] [--threads N]
import { runBench } from './index.ts';

process.exitCode = await runBench(process.argv.slice(2));
