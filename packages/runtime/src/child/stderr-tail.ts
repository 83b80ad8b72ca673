// The last lines of a stream: what a crash error quotes.
import type { Readable } from 'node:stream';
import type { EngineLimits } from '../limits.ts';

export class StderrTail {
  readonly #limits: EngineLimits;
  #lines: string[] = [];
  #rest = '';

  constructor(stream: Readable, limits: EngineLimits) {
    this.#limits = limits;
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => this.#add(text));
  }

  /** Oldest first; a last line without its line break counts. */
  get lines(): readonly string[] {
    return this.#rest.trim() === '' ? this.#lines : [...this.#lines, this.#rest].slice(-this.#limits.stderrLines);
  }

  #add(text: string): void {
    const parts = (this.#rest + text).split(/\r?\n/);
    // Cut also the unfinished line, or a stream without line breaks would grow without end.
    this.#rest = (parts.pop() ?? '').slice(0, this.#limits.stderrLineLength);
    const whole = parts
      .filter((line) => line.trim() !== '')
      .map((line) => line.slice(0, this.#limits.stderrLineLength));
    this.#lines = [...this.#lines, ...whole].slice(-this.#limits.stderrLines);
  }
}
