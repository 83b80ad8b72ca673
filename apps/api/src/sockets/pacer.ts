// Paces pictures to what the link takes: after each one goes a ping, and only so many may be unanswered.
// A kernel buffer holds seconds of pictures; whoever answers late gets fewer of them, and always the newest.

export interface PacerOptions {
  /** Pictures in flight. */
  readonly max: number;
  /** Sends a WebSocket ping with this payload. */
  readonly ping: (payload: Buffer) => void;
}

export class Pacer {
  readonly #o: PacerOptions;
  readonly #waiting: (() => void)[] = [];
  #sent = 0;
  #answered = 0;
  #closed = false;

  constructor(options: PacerOptions) {
    this.#o = options;
  }

  /** Settles when another picture may be sent, or when the socket is closed. */
  async slot(): Promise<void> {
    while (!this.#closed && this.#sent - this.#answered >= this.#o.max) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#sent += 1;
  }

  /** A picture was handed to the system: marks its end in the stream. */
  mark(): void {
    if (this.#closed) return;
    const payload = Buffer.alloc(4);
    payload.writeUInt32BE(this.#sent >>> 0);
    this.#o.ping(payload);
  }

  /** The answer to a ping: everything up to it has arrived. Pongs that answer nothing of ours count for nothing. */
  pong(payload: Buffer): void {
    if (payload.length !== 4) return;
    const upTo = payload.readUInt32BE();
    if (upTo <= this.#answered || upTo > this.#sent) return;
    this.#answered = upTo;
    this.#wake();
  }

  /** Pictures that were sent and not answered. */
  get inFlight(): number {
    return this.#sent - this.#answered;
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
