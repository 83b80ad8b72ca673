// Puts a backup of the embedded database into a data directory that has none.
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { BackupError } from '../errors.ts';
import { lockDirectory } from './lock.ts';
import { databaseFolder } from './open.ts';
import { DatabaseThread } from './thread.ts';

/**
 * Older backups are migrated on the way.
 * @throws BackupError when the file is no backup, or the directory already holds a database
 * @throws DataDirectoryInUseError
 */
export async function restoreBackup(file: string, directory: string): Promise<void> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new BackupError(`The backup ${file} cannot be read; name a file that backup() wrote.`, { cause });
  });
  const lock = await lockDirectory(directory);
  try {
    const folder = databaseFolder(directory);
    if (existsSync(folder) && readdirSync(folder).length > 0) {
      throw new BackupError(`${directory} already holds a database; restore into an empty directory.`);
    }
    const thread = await DatabaseThread.start({ folder, archive: tarOf(bytes, file) });
    await thread.close();
  } finally {
    await lock.release();
  }
}

function tarOf(bytes: Uint8Array, file: string): Uint8Array {
  try {
    const tar = gunzipSync(bytes);
    // A tar archive of a data directory; anything else would be unpacked into nonsense.
    if (tar.subarray(257, 262).toString('latin1') === 'ustar' && tar.includes('PG_VERSION')) return tar;
  } catch (cause) {
    throw new BackupError(`${file} is no backup of Tessera, or is damaged.`, { cause });
  }
  throw new BackupError(`${file} is no backup of Tessera.`);
}
