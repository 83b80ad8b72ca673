// A subscription that the server cannot serve for a moment, for instance because its database is away, is asked for again.
import { troubleOf } from './problem.ts';

/** ms before it is asked for again. */
const WAIT_MS = 2_000;

/**
 * @param begin subscribes, tells what ended it, and returns how to stop
 * @param failed is told of everything that no waiting helps
 * Returns how to stop.
 */
export function patiently(
  begin: (onError: (cause: unknown) => void) => () => void,
  failed: (cause: unknown) => void,
  waitMs: number = WAIT_MS,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let stop = () => {};
  const start = () => {
    stop = begin((cause) => {
      if (stopped) return;
      if (troubleOf(cause).code === 'UNAVAILABLE') timer = setTimeout(start, waitMs);
      else failed(cause);
    });
  };
  start();
  return () => {
    stopped = true;
    clearTimeout(timer);
    stop();
  };
}
