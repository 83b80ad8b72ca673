// npm run backup -w apps/api -- FILE: the embedded database as one file. The server must not be running.
import { statSync } from 'node:fs';
import { fileArgument, runCommand, withDatabase } from './run-command.ts';

await runCommand(async (args, config) => {
  const file = fileArgument(args, 'npm run backup -w apps/api -- FILE.tar.gz');
  await withDatabase(config, (database) => database.backup(file));
  return `Backed up ${config.dataDirectory} to ${file} (${(statSync(file).size / 1e6).toFixed(1)} MB).`;
});
