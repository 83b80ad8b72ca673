// What the API asks of an engine beside runs: pictures of tokens, tokens and features of pictures and texts.
import type { FrameFormat, TokenData } from '@tessera/protocol';

export interface ModelSummary {
  readonly id: string;
  readonly name: string;
  readonly kind: 'tokenizer' | 'encoder';
  readonly family: string;
  readonly licence: string;
  /** Bytes of the download; 0 for embedded models. */
  readonly bytes: number;
  readonly embedded: boolean;
  /** Whether a run can use it now. */
  readonly installed: boolean;
  /** Side of the square picture in pixels; 0 where it is not known before the model is installed. */
  readonly imageSize: number;
  /** Tokenizers: positions, codebook size (0 for vectors) and channels of a position. */
  readonly positions?: number;
  readonly codebookSize?: number;
  readonly channels?: number;
  /** SHA-256 over weights and config, where the model is installed. */
  readonly sha256?: string;
}

export interface TokensOf {
  /** Id of the tokenizer. */
  readonly tokenizer: string;
  readonly tokens: TokenData;
}

export interface PictureOptions {
  /** Side in pixels; the tokenizer's own by default. */
  readonly size?: number;
  readonly format?: FrameFormat;
}

export interface Picture {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
  /** SHA-256 of `bytes`. */
  readonly sha256: string;
}

/** What another token at a position would do to the picture. */
export interface Perturbation {
  readonly token: number;
  /** Root mean square change of the picture, 0..1. */
  readonly change: number;
  /** Cosine similarity to the text, where one was given. */
  readonly score?: number;
  readonly picture: Picture;
}

export interface PerturbOptions extends PictureOptions {
  readonly count: number;
  /** By `change`, or by `score`, best first. */
  readonly order: 'largest' | 'smallest' | 'text';
  /** Encoder and text to score by; needed for `order: 'text'`. */
  readonly model?: string;
  readonly prompt?: string;
}

/** Requests that some worker answers. Methods reject with a ComputeError; over the bus with nothing else. */
export interface Compute {
  /** Every model of the registry; whether it is here, and its shape where that is known. */
  models(): Promise<readonly ModelSummary[]>;
  /** One picture per item, in order; all of one tokenizer. */
  decode(tokenizer: string, tokens: readonly TokenData[], options?: PictureOptions): Promise<readonly Picture[]>;
  /** Tokens of an encoded picture (JPEG, PNG, WebP): upright, cropped to a square, scaled to the tokenizer's size. */
  encode(tokenizer: string, picture: Uint8Array): Promise<TokenData>;
  /** Unit feature of each text. */
  embedTexts(model: string, texts: readonly string[]): Promise<readonly Float32Array[]>;
  /** Unit feature of each encoded picture, cropped to a square. */
  embedPictures(model: string, pictures: readonly Uint8Array[]): Promise<readonly Float32Array[]>;
  /**
   * The `count` tokens that change the picture most or least at one position, or fit a text best. Codebook tokenizers
   * only. Large codebooks are sampled; the same request gives the same sample.
   */
  perturb(from: TokensOf, position: number, options: PerturbOptions): Promise<readonly Perturbation[]>;
}
