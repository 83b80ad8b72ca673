// Encodes frames a few at a time and hands the results out in order, so that raw frames never pile up.
import type { RgbFrame } from '../image/frame.ts';

/** sharp works on libuv's pool of four threads; more in flight would only wait there. */
const IN_FLIGHT = 4;

export async function* encodeInOrder(
  frames: AsyncIterable<RgbFrame>,
  encode: (frame: RgbFrame) => Promise<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  const waiting: Promise<Uint8Array>[] = [];
  try {
    for await (const frame of frames) {
      const work = encode(frame);
      // It may fail while an earlier frame is still awaited; its own turn reports it.
      work.catch(() => {});
      waiting.push(work);
      if (waiting.length === IN_FLIGHT) yield await waiting.shift()!;
    }
    while (waiting.length > 0) yield await waiting.shift()!;
  } finally {
    // On an early end, no encoder is left at work behind the caller's back.
    await Promise.allSettled(waiting);
  }
}
