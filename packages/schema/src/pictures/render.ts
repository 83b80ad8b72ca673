// Pictures by ticket: decoded from tokens or read from a blob, encoded once, kept while memory allows, never made twice at once.
import { createHash } from 'node:crypto';
import { type Database, getBlob, getRun, readStep } from '@tessera/db';
import { encodeFrame, readImage } from '@tessera/media';
import type { TokenData } from '@tessera/protocol';
import type { Compute, Picture, PictureOptions } from '@tessera/wire';
import { LRUCache } from 'lru-cache';
import { BadInputError } from '../errors.ts';
import type { TicketSubject } from '../tickets.ts';

export type PictureSubject = Exclude<TicketSubject, { readonly kind: 'run-export' }>;

export interface PictureRenderer {
  /** @throws NotFoundError, BadInputError, ComputeError */
  render(subject: PictureSubject): Promise<Picture>;
}

export interface PictureSources {
  readonly database: Database;
  readonly compute: Compute;
}

export interface PictureCacheOptions {
  /** Encoded pictures that are kept, in bytes. Default 64 MiB: 8,000 frames of 256 px. */
  readonly maxBytes?: number;
  /** How long, in ms: what was deleted is shown no longer than this. Default 10 minutes. */
  readonly maxAgeMs?: number;
}

/** One per process, shared by GraphQL and the pictures' addresses. */
export function pictureRenderer(
  sources: PictureSources,
  { maxBytes = 64 * 1024 * 1024, maxAgeMs = 600_000 }: PictureCacheOptions = {},
): PictureRenderer {
  const kept = new LRUCache<string, Picture>({
    maxSize: maxBytes,
    sizeCalculation: ({ bytes }) => bytes.byteLength,
    ttl: maxAgeMs,
  });
  const underWay = new Map<string, Promise<Picture>>();
  return {
    async render(subject) {
      const key = JSON.stringify(Object.entries(subject).sort(([a], [b]) => (a < b ? -1 : 1)));
      const known = kept.get(key) ?? underWay.get(key);
      if (known) return known;
      const making = renderPicture(sources, subject);
      underWay.set(key, making);
      try {
        const picture = await making;
        kept.set(key, picture);
        return picture;
      } finally {
        underWay.delete(key);
      }
    },
  };
}

/** Without a cache. @throws NotFoundError, BadInputError, ComputeError */
export async function renderPicture(sources: PictureSources, subject: PictureSubject): Promise<Picture> {
  const size = subject.size === undefined ? {} : { size: subject.size };
  switch (subject.kind) {
    case 'step-picture': {
      const { workspaceId, runId, step, format } = subject;
      const run = await getRun(sources.database, workspaceId, runId);
      const { tokens } = await readStep(sources.database, workspaceId, runId, step);
      return decodeOne(sources.compute, run.tokenizer, tokens, { ...size, format });
    }
    case 'tokens-picture': {
      const data = Int32Array.from(subject.indices);
      return decodeOne(sources.compute, subject.tokenizer, { kind: 'indices', data }, { ...size, format: 'webp' });
    }
    case 'blob-picture':
      return blobPicture(sources.database, subject);
    default:
      return subject satisfies never;
  }
}

async function decodeOne(
  compute: Compute,
  tokenizer: string,
  tokens: TokenData,
  options: PictureOptions,
): Promise<Picture> {
  const [picture] = await compute.decode(tokenizer, [tokens], options);
  if (!picture) throw new BadInputError('tokens', 'give no picture.');
  return picture;
}

/** Encoded anew: an uploaded file may say where and by whom a photo was taken. */
async function blobPicture(
  database: Database,
  { workspaceId, blobId, size }: Extract<PictureSubject, { kind: 'blob-picture' }>,
): Promise<Picture> {
  const { data } = await getBlob(database, workspaceId, blobId);
  if (!data) throw new BadInputError('picture', 'is kept where this server cannot read it.');
  const frame = await readImage(data);
  const longer = Math.max(frame.width, frame.height);
  const scale = Math.min(1, (size ?? longer) / longer);
  const bytes = await encodeFrame(frame, { format: 'webp', ...(scale < 1 && size !== undefined && { size }) });
  return {
    bytes,
    contentType: 'image/webp',
    width: Math.max(1, Math.round(frame.width * scale)),
    height: Math.max(1, Math.round(frame.height * scale)),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}
