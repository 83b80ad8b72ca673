// Tokens to encoded pictures: decoded one at a time, encoded beside that, and kept for whoever asks again.
import { createHash } from 'node:crypto';
import type { Engine, Frame, LoadedTokenizer, Tokens } from '@tessera/engine';
import { encodeFrame } from '@tessera/media';
import type { Picture, PictureOptions } from '@tessera/wire';
import { LRUCache } from 'lru-cache';
import type { Turns } from './turns.ts';

/** Of a kept picture beside its bytes: its key and fields. */
const OVERHEAD_BYTES = 512;

export class Pictures {
  readonly #engine: Engine;
  readonly #turns: Turns;
  readonly #cache: LRUCache<string, Picture, () => Promise<Picture>>;

  constructor(engine: Engine, turns: Turns, cacheBytes: number) {
    this.#engine = engine;
    this.#turns = turns;
    this.#cache = new LRUCache<string, Picture, () => Promise<Picture>>({
      maxSize: cacheBytes,
      sizeCalculation: ({ bytes }) => bytes.length + OVERHEAD_BYTES,
      // Two who ask for the same picture at once wait for one decode; it ends even when it is not kept.
      fetchMethod: (_key, _stale, { context }) => context(),
      ignoreFetchAbort: true,
      allowStaleOnFetchAbort: true,
    });
  }

  /** The picture of checked tokens: square, WebP and of the tokenizer's own side by default. */
  async decoded(loaded: LoadedTokenizer, tokens: Tokens, options: PictureOptions): Promise<Picture> {
    return this.#kept(loaded, tokens, options, () => this.frame(loaded, tokens));
  }

  /** The same where the frame is at hand. */
  async encoded(loaded: LoadedTokenizer, tokens: Tokens, options: PictureOptions, frame: Frame): Promise<Picture> {
    return this.#kept(loaded, tokens, options, async () => frame);
  }

  frame(loaded: LoadedTokenizer, tokens: Tokens): Promise<Frame> {
    return this.#turns.take(() => this.#engine.decode(loaded, tokens));
  }

  #kept(
    { sha256, tokenizer }: LoadedTokenizer,
    { kind, data }: Tokens,
    { size = tokenizer.imageSize, format = 'webp' }: PictureOptions,
    frame: () => Promise<Frame>,
  ): Promise<Picture> {
    const key = createHash('sha256')
      .update(`${sha256} ${kind} ${size} ${format} `)
      .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
      .digest('base64');
    const context = async () => encodedPicture(await frame(), size, format);
    return this.#cache.forceFetch(key, { context });
  }
}

async function encodedPicture(
  frame: Frame,
  size: number,
  format: NonNullable<PictureOptions['format']>,
): Promise<Picture> {
  const file = await encodeFrame(frame, { format, ...(size !== frame.width && { size }) });
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { bytes, contentType: `image/${format}`, width: size, height: size, sha256 };
}
