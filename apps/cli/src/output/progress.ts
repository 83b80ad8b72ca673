// How a run is going, on standard error: one moving line on a terminal, a plain line every few seconds elsewhere.
import type { StepEvent } from '@tessera/engine';
import { duration } from './words.ts';

/** Between two plain lines, ms. */
const PLAIN_EVERY = 5000;
/** Between two repaints of a terminal, ms. */
const PAINT_EVERY = 100;
/** Over how long the speed is measured, ms. */
const SPEED_WINDOW = 10_000;

export class Progress {
  readonly #out: NodeJS.WriteStream;
  readonly #tty: boolean;
  readonly #times: number[] = [];
  #shownAt = performance.now();
  #painted = false;

  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
    this.#tty = out.isTTY === true;
  }

  /** Something that takes time and has no steps. */
  say(text: string): void {
    if (this.#tty) this.#paint(text);
  }

  step(event: StepEvent, total: number): void {
    const now = performance.now();
    this.#times.push(now);
    while (this.#times.length > 2 && now - this.#times[0]! > SPEED_WINDOW) this.#times.shift();
    const last = event.step + 1 === total;
    if (now - this.#shownAt < (this.#tty ? PAINT_EVERY : PLAIN_EVERY) && !last) return;
    this.#shownAt = now;
    const line = this.#line(event, total);
    if (this.#tty) this.#paint(line);
    else this.#out.write(`${line}\n`);
  }

  /** Leaves a clean line for whatever is written next. */
  clear(): void {
    if (this.#painted) this.#out.write('\r\x1b[2K');
    this.#painted = false;
  }

  #paint(line: string): void {
    const width = this.#out.columns ?? 80;
    this.#out.write(`\r\x1b[2K${line.slice(0, width - 1)}`);
    this.#painted = true;
  }

  #line({ step, loss, terms, score, skipped }: StepEvent, total: number): string {
    const done = step + 1;
    const seconds = (this.#times.at(-1)! - this.#times[0]!) / 1000;
    const speed = seconds > 0 ? (this.#times.length - 1) / seconds : undefined;
    const bar = this.#tty ? `${'█'.repeat(Math.round((20 * done) / total)).padEnd(20, '░')} ` : '';
    const similarity = terms.find((term) => term.similarity !== undefined)?.similarity;
    return [
      `${bar}${done}/${total}`,
      skipped ? 'skipped (not finite)' : `loss ${loss.toFixed(4)}`,
      ...(similarity === undefined ? [] : [`similarity ${similarity.toFixed(3)}`]),
      ...(score === undefined ? [] : [`meter ${score.toFixed(3)}`]),
      ...(speed === undefined ? [] : [`${speed.toFixed(1)} steps/s`, `${duration((total - done) / speed)} left`]),
    ].join('  ');
  }
}
