// The option behind each field of a plan, so that a refused value is named as the user wrote it.

const FLAGS: readonly (readonly [RegExp, string])[] = [
  [/^tokenizer$/, '--tokenizer'],
  [/^iterations$/, '--iterations'],
  [/^learningRate$/, '--lr'],
  [/^noise$/, '--noise'],
  [/^regularisation\.weight$/, '--reg'],
  [/^ema$/, '--ema'],
  [/^lockedPositions/, '--lock'],
  [/^resetEvery$/, '--reset-every'],
  [/^start\.sigma$/, '--sigma'],
  [/^plateau/, '--plateau'],
  [/^meter/, '--meter'],
  [/^frameEvery$/, '--frame-every'],
  [/^seed$/, '--seed'],
  [/^objectives\.\d+\.prompt$/, '--prompt'],
  [/^objectives\.\d+\.negativePrompt$/, '--negative'],
  [/^objectives\.\d+\.cfg$/, '--cfg'],
  [/^objectives\.\d+\.crops\.count$/, '--crops'],
  [/^objectives\.\d+\.crops\.fraction$/, '--crop-fraction'],
  [/^objectives\.\d+\.crops\.flip$/, '--flip'],
];

/** The option that sets a field, or undefined where none does. */
export function flagOf(path: string): string | undefined {
  return FLAGS.find(([pattern]) => pattern.test(path))?.[1];
}
