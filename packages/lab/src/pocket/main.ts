// Entry point: node --import tsx packages/lab/src/pocket/main.ts [--models DIR] [--only NAME,NAME] [--json] [--quick] [--sheets DIR] [--sweep N]
import { runPocketEval } from './run.ts';

process.exitCode = await runPocketEval(process.argv.slice(2));
