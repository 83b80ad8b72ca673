// Checks feeds against a model's declared inputs before ONNX Runtime sees them.
import { FeedError } from './errors.ts';
import type { TensorInfo } from './model.ts';
import type { Feeds } from './session.ts';
import { describeTensor, tensorFault } from './tensor.ts';

/** @throws FeedError naming the first input that is missing, unknown, or of another dtype or shape */
export function checkFeeds(inputs: readonly TensorInfo[], feeds: Feeds): void {
  for (const info of inputs) {
    const fed = Object.hasOwn(feeds, info.name) ? feeds[info.name] : undefined;
    const expected = describeTensor(info);
    if (fed === undefined) throw new FeedError({ input: info.name, given: 'missing', expected });
    if (fed.dtype !== info.dtype || !sameShape(fed.shape, info.shape)) {
      throw new FeedError({ input: info.name, given: describeTensor(fed), expected });
    }
    const fault = tensorFault(fed);
    if (fault !== undefined) throw new FeedError({ input: info.name, given: `unsound (${fault})`, expected });
  }
  const names = inputs.map((info) => info.name);
  const unknown = Object.keys(feeds).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new FeedError({
      input: unknown,
      given: 'not an input of this model',
      expected: `one of ${names.join(', ')}`,
    });
  }
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}
