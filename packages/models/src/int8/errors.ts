// What can go wrong with the file of int8 matrices.
import { ModelError } from '../errors.ts';

/** The folder of the int8 matrices cannot be written. */
export class Int8CacheError extends ModelError {
  readonly code = 'INT8_CACHE';
  readonly folder: string;
  /** The system's code, such as ENOSPC. */
  readonly reason: string;
  constructor(folder: string, reason: string, what: string) {
    super(
      `${folder}: the int8 weights cannot be kept (${reason}, ${what}): free space, set TESSERA_CACHE to a folder on another disk, or use precision fp32`,
    );
    this.folder = folder;
    this.reason = reason;
  }
}
