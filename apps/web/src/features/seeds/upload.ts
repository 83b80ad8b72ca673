// Sends one picture to the library: ask for a one-time address, put the bytes there, make it a seed.
import { LIMITS } from '@tessera/protocol';
import { mutate } from '../../gql/mutate.ts';
import { TroubleError } from '../../gql/problem.ts';
import { formatBytes } from '../run/format.ts';
import { refusal } from '../run/refusal.ts';
import { CreateSeedMutation, CreateUploadMutation } from './documents.ts';

const TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/avif'];
export const ACCEPTED = TYPES.join(',');

/** What is wrong with a file before anything is sent; null where nothing is. */
export function fileProblem(file: {
  readonly name: string;
  readonly type: string;
  readonly size: number;
}): string | null {
  if (file.size === 0) return 'The file is empty.';
  if (!TYPES.includes(file.type)) return 'This is not a PNG, JPEG, WebP or AVIF picture.';
  const most = LIMITS.uploadBytes.value;
  if (file.size > most) {
    return `The file has ${formatBytes(file.size)}; up to ${formatBytes(most)} can be uploaded. Scale it down first.`;
  }
  return null;
}

/** "my_horse-01.png" -> "my horse 01" */
export function seedName(filename: string): string {
  const name = filename
    .replace(/\.[a-z0-9]+$/i, '')
    .replace(/[_-]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return name.slice(0, LIMITS.nameCharacters.value) || 'Untitled';
}

/** `progress` 0..1 of the bytes sent. @throws TroubleError, or an AbortError after `signal` */
export async function uploadSeed(
  workspaceId: string,
  file: File,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<string> {
  const uploadId = await putUpload(workspaceId, 'SEED', file, signal, progress);
  const { seed } = await mutate(CreateSeedMutation, { input: { workspaceId, uploadId, name: seedName(file.name) } });
  if (!seed) throw new TroubleError({ code: 'INTERNAL', message: 'The server kept no seed; try again.' });
  return seed.id;
}

/** Puts a file's bytes to a one-time address. Answers the upload's id. */
export async function putUpload(
  workspaceId: string,
  purpose: 'SEED' | 'MASK' | 'TOKENS',
  file: File,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<string> {
  const { uploadId, url } = await mutate(CreateUploadMutation, { input: { workspaceId, purpose } });
  if (!uploadId || !url) throw new TroubleError({ code: 'INTERNAL', message: 'The server gave no upload address.' });
  await put(url, file, signal, progress);
  return uploadId;
}

/** XMLHttpRequest, because fetch tells nothing about bytes on their way out. */
function put(url: string, file: File, signal: AbortSignal, progress: (share: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    request.setRequestHeader('content-type', file.type || 'application/octet-stream');
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
    request.onload = () =>
      request.status < 300
        ? resolve()
        : reject(refusal(request.responseText, `The server refused the file (${request.status}).`));
    request.onerror = () =>
      reject(new TroubleError({ code: 'OFFLINE', message: 'The connection broke during the upload.' }));
    request.onabort = () => reject(signal.reason);
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}
