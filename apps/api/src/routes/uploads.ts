// PUT /uploads/:token: the bytes of one file, once. The token is looked at before a byte is read; nothing is kept of a torn one.
import type { IncomingMessage } from 'node:http';
import { completeUpload, type Database, openUpload, type UploadPurpose } from '@tessera/db';
import { sniff } from '@tessera/media';
import type { Limits } from '@tessera/protocol';
import { Router } from 'express';
import { UploadError } from './upload-error.ts';

interface Kind {
  /** By the first bytes: format to content type. Null: the file's reader decides (JSON and CSV have no magic). */
  readonly types: Readonly<Record<string, string>> | null;
  readonly words: string;
  readonly max: keyof Limits;
}

const PICTURES = { jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp' };

const KINDS: Readonly<Record<UploadPurpose, Kind>> = {
  seed: { types: PICTURES, words: 'a JPEG, PNG or WebP picture', max: 'uploadBytes' },
  mask: { types: PICTURES, words: 'a JPEG, PNG or WebP picture', max: 'uploadBytes' },
  tokens: { types: null, words: 'an .npz, .safetensors, JSON or CSV file', max: 'tokenImportBytes' },
};

export function uploadRoutes({ database, limits }: { readonly database: Database; readonly limits: Limits }): Router {
  const router = Router();
  router.put('/:token', async (req, res) => {
    const { token } = req.params;
    const { purpose } = await openUpload(database, token);
    const kind = KINDS[purpose];
    const bytes = await readBody(req, limits[kind.max]);
    const { upload, blob } = await completeUpload(database, token, bytes, typeOf(bytes, kind));
    res.setHeader('cache-control', 'no-store');
    res.json({ uploadId: upload.id, contentType: blob.contentType, size: blob.size, sha256: blob.sha256 });
  });
  return router;
}

/** @throws UploadError for a file of another kind */
function typeOf(bytes: Uint8Array, { types, words }: Kind): string {
  const found = sniff(bytes);
  if (types === null) {
    const isPicture = found !== undefined && found.format in PICTURES;
    if (isPicture) throw new UploadError('UNSUPPORTED', `This is ${found.words}; send ${words}.`);
    return 'application/octet-stream';
  }
  const type = found && types[found.format];
  if (!type) throw new UploadError('UNSUPPORTED', `This is ${found?.words ?? 'no picture'}; send ${words}.`);
  return type;
}

/** @throws UploadError when it is too large (what comes after the limit is not read) or ends before its length */
async function readBody(req: IncomingMessage, max: number): Promise<Buffer> {
  const tooLarge = () => new UploadError('TOO_LARGE', `The file has more than ${max} bytes; send a smaller one.`);
  const declared = Number(req.headers['content-length'] ?? 0);
  if (declared > max) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of req as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > max) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof UploadError ? error : new UploadError('BAD_INPUT', 'The upload was cut off.');
  }
  if (length === 0) throw new UploadError('BAD_INPUT', 'The file is empty.');
  return Buffer.concat(chunks, length);
}
