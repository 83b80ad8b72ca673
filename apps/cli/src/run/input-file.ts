// Complaints about a file's content get the file's name.
import { FileAccessError, MediaError, OptionError } from '@tessera/media';
import { InputError } from '../errors.ts';

/** Runs `read`; a complaint about the file's content gets the file's name. @throws InputError */
export async function inputFile<T>(file: string, read: () => Promise<T> | T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof MediaError) || error instanceof OptionError) throw error;
    // A message about access already names the path.
    if (error instanceof FileAccessError)
      throw new InputError(file, error.message.replace(`cannot read ${file}: `, ''), { cause: error });
    throw new InputError(file, error.message, { cause: error });
  }
}
