// How a download is going: a bar on a terminal, a line every few seconds elsewhere.
import type { PullProgress } from '@tessera/models';
import { bytes, duration } from './words.ts';

const PLAIN_EVERY = 5000;
const PAINT_EVERY = 100;
/** Over how long the speed is measured, ms. */
const SPEED_WINDOW = 8000;

export class DownloadProgress {
  readonly #out: NodeJS.WriteStream;
  readonly #samples: { readonly at: number; readonly received: number }[] = [];
  #shownAt = Number.NEGATIVE_INFINITY;
  #painted = false;

  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
  }

  update({ file, received, total }: PullProgress): void {
    const now = performance.now();
    this.#samples.push({ at: now, received });
    while (this.#samples.length > 2 && now - this.#samples[0]!.at > SPEED_WINDOW) this.#samples.shift();
    if (now - this.#shownAt < (this.#out.isTTY ? PAINT_EVERY : PLAIN_EVERY) && received < total) return;
    this.#shownAt = now;
    const [oldest] = this.#samples;
    const speed = now > oldest!.at ? (1000 * (received - oldest!.received)) / (now - oldest!.at) : 0;
    const pace = speed > 0 ? `  ${bytes(speed)}/s  ${duration((total - received) / speed)} left` : '';
    const share = total > 0 ? Math.floor((100 * received) / total) : 100;
    const line = `${file}  ${share} %  ${bytes(received)} of ${bytes(total)}${pace}`;
    if (this.#out.isTTY) this.#out.write(`\r\x1b[2K${line.slice(0, (this.#out.columns ?? 80) - 1)}`);
    else this.#out.write(`${line}\n`);
    this.#painted = this.#out.isTTY === true;
  }

  clear(): void {
    if (this.#painted) this.#out.write('\r\x1b[2K');
    this.#painted = false;
  }
}
