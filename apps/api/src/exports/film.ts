// A run as an animation: its stored tokens decoded in batches, frame after frame, into the encoder.
import type { Run } from '@tessera/db';
import { type AnimationFormat, encodeAnimation, type RgbFrame, readImage } from '@tessera/media';
import type { StepRecord, TokenData } from '@tessera/protocol';
import { historyOf, SchemaError, type Services, stepsIn } from '@tessera/schema';

export interface FilmOptions {
  readonly format: 'GIF' | 'WEBP' | 'MP4' | 'WEBM';
  /** Side in px. */
  readonly size?: number;
  readonly fps?: number;
  readonly stride?: number;
  readonly signal?: AbortSignal;
}

/** Pictures that one request asks a worker for. */
const BATCH = 16;
/** A film of 20,000 steps at 256 px would take minutes of a worker. */
const MAX_FRAMES = 2_000;
const FORMATS = { GIF: 'gif', WEBP: 'webp', MP4: 'mp4', WEBM: 'webm' } as const satisfies Record<
  string,
  AnimationFormat
>;
/** The end of a run is what people look at. */
const HOLD_LAST_MS = 1_500;

/** @throws SchemaError (TOO_LARGE), ComputeError, MediaError, the signal's reason */
export async function film(
  { database, compute }: Pick<Services, 'database' | 'compute'>,
  run: Run,
  { format, size, fps, stride = 1, signal }: FilmOptions,
): Promise<Uint8Array> {
  const range = { stride, withLast: true };
  const count = stepsIn(run, range);
  if (count > MAX_FRAMES) {
    throw new SchemaError(
      'TOO_LARGE',
      `The film would have ${count} frames, over ${MAX_FRAMES}; take a larger stride.`,
      'stride',
    );
  }
  const decode = (tokens: readonly TokenData[]) =>
    compute.decode(run.tokenizer, tokens, { format: 'png', ...(size !== undefined && { size }) });
  const { bytes } = await encodeAnimation(frames(historyOf(database, run, range), decode), {
    format: FORMATS[format],
    holdLastMs: HOLD_LAST_MS,
    ...(fps !== undefined && { fps }),
    ...(signal && { signal }),
  });
  return bytes;
}

type Decode = (tokens: readonly TokenData[]) => ReturnType<Services['compute']['decode']>;

async function* frames(history: AsyncIterable<StepRecord>, decode: Decode): AsyncGenerator<RgbFrame> {
  let batch: TokenData[] = [];
  for await (const { tokens } of history) {
    batch.push(tokens);
    if (batch.length < BATCH) continue;
    yield* decoded(batch, decode);
    batch = [];
  }
  if (batch.length > 0) yield* decoded(batch, decode);
}

async function* decoded(tokens: readonly TokenData[], decode: Decode): AsyncGenerator<RgbFrame> {
  for (const { bytes } of await decode(tokens)) {
    const { width, height, data } = await readImage(bytes);
    yield { width, height, data };
  }
}
