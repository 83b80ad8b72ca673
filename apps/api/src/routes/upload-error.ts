// A file that is not taken in.
import type { ErrorCode } from '@tessera/protocol';

export class UploadError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = new.target.name;
    this.code = code;
  }
}
