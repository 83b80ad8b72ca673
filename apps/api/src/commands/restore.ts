// npm run restore -w apps/api -- FILE: a backup into an empty data directory.
import { restoreBackup } from '@tessera/db';
import { fileArgument, runCommand } from './run-command.ts';

await runCommand(async (args, { dataDirectory }) => {
  const file = fileArgument(args, 'npm run restore -w apps/api -- FILE.tar.gz');
  await restoreBackup(file, dataDirectory);
  return `Restored ${file} into ${dataDirectory}.`;
});
