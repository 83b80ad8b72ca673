// One WebSocket as the protocol server wants it, with what it does not know: limits before a token came, pacing, heartbeat.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CLOSE_CODES, type Limits } from '@tessera/protocol';
import type { WebSocket as ProtocolSocket } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import { Pacer } from './pacer.ts';

export interface SocketLinkOptions {
  readonly limits: Limits;
  /** A link that answers no ping for this long is taken for dead. */
  readonly heartbeatMs: number;
  readonly onFrame: () => void;
  readonly onError: (error: unknown) => void;
}

/** Text that only messages with an inline picture hold (and a prompt that says so, which is then paced, too). */
const PICTURE = '"data:image/';

export class SocketLink implements ProtocolSocket {
  readonly #ws: WebSocket;
  readonly #raw: Duplex;
  readonly #o: SocketLinkOptions;
  readonly #pacer: Pacer;
  readonly #heartbeat: NodeJS.Timeout;
  #messages = 0;
  #bytes = 0;
  #alive = true;

  constructor(ws: WebSocket, request: IncomingMessage, options: SocketLinkOptions) {
    this.#ws = ws;
    this.#raw = request.socket;
    this.#o = options;
    this.#pacer = new Pacer({ max: options.limits.unansweredPings, ping: (payload) => ws.ping(payload) });
    this.#heartbeat = setInterval(() => this.#beat(), options.heartbeatMs / 2).unref();
    ws.on('pong', (payload: Buffer) => {
      this.#alive = true;
      this.#pacer.pong(payload);
    });
    // A malformed frame: ws closes by itself.
    ws.on('error', () => undefined);
    ws.once('close', () => this.#release());
    this.#raw.on('data', this.#count);
  }

  get protocol(): string {
    return this.#ws.protocol;
  }

  /** Settles when the system has taken the message: whoever produces waits for whoever reads. */
  async send(data: string): Promise<void> {
    const picture = data.includes(PICTURE);
    if (picture) await this.#pacer.slot();
    await new Promise<void>((resolve) => {
      if (this.#ws.readyState !== this.#ws.OPEN) return resolve();
      // An error means that the socket is closing; its subscriptions end with it.
      this.#ws.send(data, () => resolve());
    });
    if (!picture) return;
    this.#o.onFrame();
    if (this.#ws.readyState === this.#ws.OPEN) this.#pacer.mark();
  }

  close(code = 1000, reason = ''): void {
    this.#ws.close(code, reason);
    // Whoever does not answer the close is cut off.
    setTimeout(() => this.#ws.terminate(), 5_000).unref();
  }

  onMessage(handle: (data: string) => Promise<void>): void {
    this.#ws.on('message', (data: RawData, binary: boolean) => {
      if (this.#ws.readyState !== this.#ws.OPEN) return;
      if (binary) return this.close(CLOSE_CODES.badRequest.code, 'Text messages only');
      this.#messages += 1;
      if (!this.#acknowledged && this.#messages > this.#o.limits.unauthenticatedMessages) {
        return this.close(CLOSE_CODES.tooManyInitialisationRequests.code, 'Too many messages before connection_ack');
      }
      handle(String(data)).catch((error: unknown) => this.#refuse(error));
    });
  }

  #acknowledged = false;

  /** A token was accepted: the narrow limits are over. */
  acknowledge(): void {
    this.#acknowledged = true;
    this.#raw.off('data', this.#count);
  }

  #refuse(error: unknown): void {
    // The protocol server throws for messages that only a server may send.
    if (error instanceof Error && error.message.startsWith('Unexpected message')) {
      this.close(CLOSE_CODES.badRequest.code, 'Invalid message received');
    } else {
      this.#o.onError(error);
      this.close(CLOSE_CODES.internalServerError.code, 'Internal server error');
    }
  }

  /** Raw bytes, because a message that never ends is never seen. */
  readonly #count = (chunk: Buffer): void => {
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#o.limits.unauthenticatedMessageBytes) return;
    this.#raw.off('data', this.#count);
    this.#ws.close(CLOSE_CODES.badRequest.code, 'Too much before connection_ack');
    // What is buffered of the message goes with the socket, at once.
    setTimeout(() => this.#ws.terminate(), 100).unref();
  };

  #beat(): void {
    if (!this.#alive) this.#ws.terminate();
    this.#alive = false;
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.ping();
  }

  #release(): void {
    clearInterval(this.#heartbeat);
    this.#raw.off('data', this.#count);
    this.#pacer.close();
  }
}
