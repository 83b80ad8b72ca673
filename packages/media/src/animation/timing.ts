// When each frame of an animation is shown; shared by all containers.

export type Timing = {
  /** Frames a second. */
  readonly fps: number;
  /** How often it plays; 0 is for ever. Only GIF and WebP can say so. */
  readonly loop: number;
  /** How much longer the last frame stays, in ms. */
  readonly holdLastMs: number;
};

export type Picture = { readonly width: number; readonly height: number };

/**
 * Durations in whole units (1,000 a second for WebP, 100 for GIF), rounded so that the sum never drifts by more than
 * half a unit from `count / fps`.
 */
export function delays(count: number, timing: Timing, unitsPerSecond: number): number[] {
  const start = (index: number) => Math.round((index * unitsPerSecond) / timing.fps);
  return Array.from({ length: count }, (_, index) => {
    const hold = index === count - 1 ? Math.round((timing.holdLastMs * unitsPerSecond) / 1000) : 0;
    return start(index + 1) - start(index) + hold;
  });
}

/** Length in ms. */
export const durationMs = (count: number, timing: Timing): number => (count * 1000) / timing.fps + timing.holdLastMs;
