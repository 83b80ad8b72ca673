// A bare client of the graphql-transport-ws protocol: sends what it is told to, and keeps everything that comes.
import { once } from 'node:events';
import { type ClientOptions, type RawData, WebSocket } from 'ws';

export interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

export interface Close {
  readonly code: number;
  readonly reason: string;
}

export class Client {
  readonly ws: WebSocket;
  readonly messages: Message[] = [];
  readonly closed: Promise<Close>;
  readonly #waiting = new Set<() => void>();

  constructor(port: number, options: ClientOptions & { readonly protocol?: string } = {}) {
    const { protocol = 'graphql-transport-ws', ...rest } = options;
    this.ws = new WebSocket(`ws://127.0.0.1:${port}/graphql`, protocol, { host: undefined, ...rest } as ClientOptions);
    this.ws.on('message', (data: RawData) => {
      this.messages.push(JSON.parse(String(data)) as Message);
      for (const wake of this.#waiting) wake();
    });
    this.ws.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.ws.once('close', (code, reason) => {
        resolve({ code, reason: String(reason) });
        for (const wake of this.#waiting) wake();
      });
    });
  }

  static async open(port: number, options?: ConstructorParameters<typeof Client>[1]): Promise<Client> {
    const client = new Client(port, options);
    await once(client.ws, 'open');
    return client;
  }

  /** Open and acknowledged. */
  static async connect(
    port: number,
    payload?: object,
    options?: ConstructorParameters<typeof Client>[1],
  ): Promise<Client> {
    const client = await Client.open(port, options);
    client.send({ type: 'connection_init', ...(payload && { payload }) });
    await client.until(({ type }) => type === 'connection_ack');
    return client;
  }

  send(message: object): void {
    this.ws.send(JSON.stringify(message));
  }

  subscribe(id: string, query: string, variables?: object): void {
    this.send({ type: 'subscribe', id, payload: { query, ...(variables && { variables }) } });
  }

  /** The first message that fits, come or to come. @throws when the socket closes before */
  async until(fits: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.messages.find(fits);
      if (found) return found;
      if (this.ws.readyState === WebSocket.CLOSED) throw new Error('The socket closed before the message came.');
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  /** One operation to its end: payloads of its `next` messages, or its errors. */
  async run(query: string, variables?: object, id = `op${Math.random()}`): Promise<Message[]> {
    this.subscribe(id, query, variables);
    await this.until((m) => m.id === id && (m.type === 'complete' || m.type === 'error'));
    return this.messages.filter((m) => m.id === id);
  }

  close(): void {
    this.ws.terminate();
  }
}
