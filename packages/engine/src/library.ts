// The port through which the engine gets models: by id or folder, already opened and hashed.
import type { ImageTextEncoder, TextTokenizer, Tokenizer } from '@tessera/models';

export interface LoadedTokenizer {
  readonly id: string;
  /** Identity of what it computes: SHA-256 over the weights' hash and the config in normal form, hexadecimal. */
  readonly sha256: string;
  readonly tokenizer: Tokenizer;
  /** The same with int8 products in `decode`, under an identity of its own; absent where there is no such form. */
  int8?(): Promise<LoadedTokenizer>;
}

export interface LoadedEncoder {
  readonly id: string;
  /** Identity: weights, config and text tokenizer files, hexadecimal. */
  readonly sha256: string;
  readonly encoder: ImageTextEncoder;
  readonly text: TextTokenizer;
  /** The same with int8 products in `encodeImage`. */
  int8?(): Promise<LoadedEncoder>;
}

export interface ModelLibrary {
  /** @throws a one-line error that names the model and what to do when it is unknown, absent or damaged */
  tokenizer(idOrFolder: string): Promise<LoadedTokenizer>;
  encoder(idOrFolder: string): Promise<LoadedEncoder>;
}
