// Who is there at this moment, from a feed that begins with everybody and then waits for changes.
import type { PresenceChange } from '@tessera/collab';
import type { Presence } from '@tessera/protocol';

/** A feed that is silent for so long has told of everybody. ms. */
const SILENCE_MS = 50;

export async function presentNow(feed: AsyncIterator<PresenceChange, undefined>): Promise<Presence[]> {
  const present = new Map<string, Presence>();
  try {
    for (;;) {
      const next = await within(SILENCE_MS, feed.next());
      if (!next || next.done) return [...present.values()];
      if (next.value.type === 'here') present.set(next.value.presence.clientId, next.value.presence);
      else present.delete(next.value.clientId);
    }
  } finally {
    await feed.return?.();
  }
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([promise, silence]);
  } finally {
    clearTimeout(timer);
  }
}
