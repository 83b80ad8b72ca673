// npm run backup -w apps/api -- FILE: the embedded database as one file. The server may be running.
import { statSync } from 'node:fs';
import { backupDirectory } from '@tessera/db';
import { fileArgument, runCommand, withDatabase } from './run-command.ts';

await runCommand(async (args, config) => {
  const file = fileArgument(args, 'npm run backup -w apps/api -- FILE.tar.gz');
  // With PostgreSQL it says what to do instead.
  if (config.databaseUrl) await withDatabase(config, (database) => database.backup(file));
  else await backupDirectory(config.dataDirectory, file);
  return `Backed up ${config.dataDirectory} to ${file} (${(statSync(file).size / 1e6).toFixed(1)} MB).`;
});
