// What can be wrong with a prompt or with the files of a tokenizer.
import { ModelError } from '../errors.ts';

/** There is nothing to encode. */
export class EmptyPromptError extends ModelError {
  readonly code = 'PROMPT_EMPTY';
  constructor(text: string) {
    super(
      text.trim() === ''
        ? 'the prompt is empty: write what the image should show'
        : 'the prompt has no words: write what the image should show',
    );
  }
}

/** A character that no prompt holds on purpose. */
export class PromptCharacterError extends ModelError {
  readonly code = 'PROMPT_CHARACTER';
  readonly codePoint: number;
  /** Position in UTF-16 units. */
  readonly index: number;
  constructor(codePoint: number, index: number) {
    const code = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
    const kind = codePoint >= 0xd800 && codePoint <= 0xdfff ? 'half of a character' : 'a control character';
    super(`the prompt has ${kind} (${code}) at position ${index}: remove it`);
    this.codePoint = codePoint;
    this.index = index;
  }
}

/** A model folder lacks the files of its text tokenizer, or they are not what they should be. */
export class TokenizerFileError extends ModelError {
  readonly code = 'TEXT_TOKENIZER';
  readonly file: string;
  constructor(file: string, fault: string, cure: string) {
    super(`${file}: ${fault}: ${cure}`);
    this.file = file;
  }
}
