// The engine process: ONNX Runtime behind the messages of protocol.ts. Started by launch.ts, never by hand.
import './signals.ts';
import { SessionClosedError } from '../errors.ts';
import { PROVIDERS } from '../providers/table.ts';
import type { Session } from '../session.ts';
import { processMemory } from '../stats.ts';
import { PROTOCOL_VERSION, type Reply, type Request, type Requests, type RequestType } from './protocol.ts';
import { toWire } from './wire-error.ts';

const sessions = new Map<number, { session: Session; provider: string }>();

function found(id: number): { session: Session; provider: string } {
  const entry = sessions.get(id);
  if (entry === undefined) throw new SessionClosedError();
  return entry;
}

async function answer(request: Request): Promise<Requests[RequestType]['value']> {
  switch (request.type) {
    case 'load': {
      const session = await PROVIDERS[request.provider].load(request.model, request.options);
      sessions.set(request.session, { session, provider: request.provider });
      return null;
    }
    case 'run':
      return found(request.session).session.run(request.feeds);
    case 'release': {
      const entry = sessions.get(request.session);
      sessions.delete(request.session);
      await entry?.session[Symbol.asyncDispose]();
      return null;
    }
    case 'stats':
      return processMemory();
    case 'close':
      await Promise.all([...sessions.values()].map((entry) => entry.session[Symbol.asyncDispose]()));
      sessions.clear();
      return null;
  }
}

function send(reply: Reply, sent?: () => void): void {
  // A failing send means that the parent is gone; 'disconnect' ends this process.
  process.send?.(reply, undefined, undefined, () => sent?.());
}

async function serve(request: Request): Promise<void> {
  const exit = request.type === 'close' ? () => process.exit(0) : undefined;
  try {
    send({ type: 'done', id: request.id, value: await answer(request) }, exit);
  } catch (thrown) {
    const provider = 'session' in request ? sessions.get(request.session)?.provider : undefined;
    send({ type: 'failed', id: request.id, error: toWire(thrown, provider ?? 'this provider') }, exit);
  }
}

// Rule P11: without a parent there is nothing to do. A run in progress blocks this thread, so it ends first.
process.on('disconnect', () => process.exit(0));
process.on('message', (request: Request) => void serve(request));
if (process.connected) send({ type: 'hello', version: PROTOCOL_VERSION });
else process.exit(0);
