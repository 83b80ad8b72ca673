// A file of this machine becomes a picture of the workspace: a one-time address, the bytes, the seed.
import { LIMITS } from '@tessera/protocol';
import { graphql } from '../../../gql/graphql.ts';
import { mutate } from '../../../gql/mutate.ts';
import { TroubleError } from '../../../gql/problem.ts';

const CREATE_UPLOAD = graphql(`
  mutation CreateSeedUpload($input: CreateUploadInput!) {
    createUpload(input: $input) { uploadId url problem { code message field } }
  }
`);

const CREATE_SEED = graphql(`
  mutation CreateSeed($input: CreateSeedInput!) {
    createSeed(input: $input) { seed { id name } problem { code message field } }
  }
`);

/** Answers with the new seed's id. @throws TroubleError in words for people */
export async function uploadSeed(workspaceId: string, file: File): Promise<string> {
  const max = LIMITS.uploadBytes.value;
  if (file.size > max) {
    throw new TroubleError({
      code: 'TOO_LARGE',
      message: `${file.name} has ${(file.size / 2 ** 20).toFixed(1)} MB; at most ${max / 2 ** 20} MB can be taken.`,
    });
  }
  const { uploadId, url } = await mutate(CREATE_UPLOAD, { input: { workspaceId, purpose: 'SEED' } });
  if (!uploadId || !url)
    throw new TroubleError({ code: 'INTERNAL', message: 'The server gave no address to upload to.' });
  await put(url, file);
  const name = file.name.replace(/\.[^.]+$/, '').slice(0, LIMITS.nameCharacters.value) || 'Picture';
  const { seed } = await mutate(CREATE_SEED, {
    input: { workspaceId, name, uploadId, idempotencyKey: uploadId },
  });
  if (!seed) throw new TroubleError({ code: 'INTERNAL', message: 'The server made no picture of the file.' });
  return seed.id;
}

async function put(url: string, file: File): Promise<void> {
  const response = await fetch(url, { method: 'PUT', body: file }).catch(() => null);
  if (response?.ok) return;
  const answer: unknown = await response?.json().catch(() => null);
  throw new TroubleError({ code: 'BAD_INPUT', message: messageIn(answer) ?? 'The upload was cut off; try again.' });
}

function messageIn(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null) return null;
  if ('message' in answer && typeof answer.message === 'string') return answer.message;
  return 'error' in answer ? messageIn(answer.error) : null;
}
