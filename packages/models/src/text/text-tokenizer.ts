// Text to token ids: one interface for CLIP's byte pairs, SigLIP's word pieces and the pocket model's words.

export interface EncodedText {
  /** Token ids with start and end tokens, padded to the context length. */
  readonly ids: Int32Array;
  /** How many of `ids` are not padding. */
  readonly used: number;
  /** How many tokens of the text did not fit and were cut. */
  readonly truncated: number;
  /** Words the vocabulary lacks, as they were looked up, each once. */
  readonly unknown: readonly string[];
}

export interface EncodeOptions {
  /** Encode an empty text as start and end token instead of refusing it. Default false: an empty prompt is a mistake. */
  readonly allowEmpty?: boolean;
}

export interface TextTokenizer {
  /** Length of `ids`. */
  readonly contextLength: number;
  /** @throws EmptyPromptError, PromptCharacterError */
  encode(text: string, o?: EncodeOptions): EncodedText;
}

export interface Framing {
  readonly contextLength: number;
  /** Id before the text; undefined for models without one. */
  readonly start?: number;
  /** Id after the text; kept when the text is cut. */
  readonly end: number;
  readonly pad: number;
}

/** Puts ids of a text between start and end token, cuts and pads them to the context length. */
export function frame(
  body: readonly number[],
  { contextLength, start, end, pad }: Framing,
): Omit<EncodedText, 'unknown'> {
  const head = start === undefined ? [] : [start];
  const room = contextLength - head.length - 1;
  const kept = body.slice(0, room);
  const ids = new Int32Array(contextLength).fill(pad);
  ids.set([...head, ...kept, end]);
  return { ids, used: head.length + kept.length + 1, truncated: body.length - kept.length };
}
