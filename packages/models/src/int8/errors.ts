// What can go wrong with the file of int8 matrices.

/** The folder of the int8 matrices cannot be written. */
export class Int8CacheError extends Error {
  override readonly name = 'Int8CacheError';
  readonly folder: string;
  readonly code: string;
  constructor(folder: string, code: string, what: string) {
    super(
      `${folder}: the int8 weights cannot be kept (${code}, ${what}): free space, set TESSERA_CACHE to a folder on another disk, or use precision fp32`,
    );
    this.folder = folder;
    this.code = code;
  }
}
