// A backup of a data directory, whether or not a process is using it.
import { writeFile } from 'node:fs/promises';
import { DataDirectoryInUseError } from '../errors.ts';
import { openDatabase } from '../open.ts';
import { askForBackup } from './backups.ts';
import { socketsOf } from './open.ts';

/**
 * A directory in use is dumped by the process that uses it, whose statements wait meanwhile.
 * @throws BackupError where that process gives none
 * @throws UnavailableError when the directory cannot be opened
 */
export async function backupDirectory(directory: string, file: string): Promise<void> {
  try {
    await using database = await openDatabase({ dataDirectory: directory });
    await database.backup(file);
  } catch (error) {
    if (!(error instanceof DataDirectoryInUseError)) throw error;
    await writeFile(file, await askForBackup(socketsOf(directory)), { mode: 0o600 });
  }
}
