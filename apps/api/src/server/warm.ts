// What a first visitor would wait for, done before anybody is told that the server is ready: code that is loaded when it is needed.
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import type { Logger } from '../log.ts';

/** Any address of a session's page loads the code of them all. */
const PAGES = ['/', '/s/none'];
const QUERY = '{ viewer { workspaces { sessions(first: 1) { nodes { id } } } } }';
/** ms; a start does not wait longer. */
const PATIENCE_MS = 5_000;

export interface WarmOptions {
  /** Where it listens. */
  readonly address: string;
  readonly port: number;
  /** The name under which people reach it. */
  readonly host: string;
  /** Settles when the worker inside has compiled its models: until then it takes a core from the first visit. */
  readonly models: Promise<void> | undefined;
  readonly log: Logger;
}

/** Asks the server for its own pages and one query, and waits for the models for a while. What fails is logged only. */
export async function warm({ address, port, host, models, log }: WarmOptions): Promise<void> {
  const ask = async (path: string, body?: object) => {
    const sent = request({
      port,
      path,
      host: address,
      method: body ? 'POST' : 'GET',
      headers: { host, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    sent.end(body && JSON.stringify(body));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.resume();
    await once(answer, 'end');
  };
  const patience = Promise.race([models, after(PATIENCE_MS, undefined, { ref: false })]);
  const done = await Promise.allSettled([
    ...PAGES.map((path) => ask(path)),
    ask('/graphql', { query: QUERY }),
    patience,
  ]);
  for (const one of done)
    if (one.status === 'rejected') log.debug({ err: one.reason }, 'the server could not be warmed');
}
