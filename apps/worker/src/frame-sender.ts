// Encodes and sends the newest frame of one run: each once, never two at a time, and none that is already old.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Frame } from '@tessera/engine';
import { encodeFrame } from '@tessera/media';
import { type FrameMessage, seqOfStep } from '@tessera/protocol';

export interface FrameSenderOptions {
  readonly runId: string;
  /** Frames that come faster are dropped, all but the newest. */
  readonly maxFps: number;
  send(message: FrameMessage): Promise<void>;
  onError(error: unknown): void;
}

interface Waiting {
  readonly step: number;
  readonly frame: Frame;
}

export class FrameSender {
  readonly #options: FrameSenderOptions;
  #waiting: Waiting | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(options: FrameSenderOptions) {
    this.#options = options;
  }

  /** Returns at once. */
  offer(step: number, frame: Frame): void {
    if (this.#stopped) return;
    this.#waiting = { step, frame };
    this.#start();
  }

  #start(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      // Offered in the moment of ending.
      if (this.#waiting) this.#start();
    });
  }

  /** Settles when the newest frame is sent. */
  async drain(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /** Sends nothing from now on, not even what is being encoded. */
  stop(): void {
    this.#stopped = true;
    this.#waiting = undefined;
  }

  async #run(): Promise<void> {
    const pause = 1000 / this.#options.maxFps;
    while (this.#waiting) {
      const start = performance.now();
      const { step, frame } = this.#waiting;
      this.#waiting = undefined;
      try {
        const bytes = await encodeFrame(frame, { format: 'webp' });
        if (this.#stopped) return;
        await this.#options.send(messageOf(this.#options.runId, step, frame.width, bytes));
      } catch (error) {
        this.#options.onError(error);
      }
      const rest = pause - (performance.now() - start);
      if (this.#waiting && rest > 0) await sleep(rest);
    }
  }
}

function messageOf(runId: string, step: number, size: number, bytes: Uint8Array): FrameMessage {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { runId, seq: seqOfStep(step), format: 'webp', size, bytes, sha256 };
}
