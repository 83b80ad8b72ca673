// Small things the tests share.
import { sleep } from '@tessera/protocol/testing';
import type { Delivery, LiveChannel, LiveSubscription } from '../src/index.ts';

export const bytes = (text: string) => new TextEncoder().encode(text);
export const text = (data: Uint8Array | null) => (data === null ? null : new TextDecoder().decode(data));

export const lossless = (words: string, seq?: number) =>
  ({ kind: 'lossless', data: bytes(words), ...(seq !== undefined && { seq }) }) as const;

/** A delivery in short: `5:word`, `frame@5:word`, `gap 3-4`, `gap 3-`. */
export function short(delivery: Delivery): string {
  if (delivery.type === 'event') return `${delivery.seq}:${text(delivery.data)}`;
  if (delivery.type === 'gap') return `gap ${delivery.from}-${delivery.to ?? ''}`;
  return `${delivery.key || 'frame'}@${delivery.at}:${text(delivery.data)}`;
}

/** The next `count` deliveries. */
export async function take(subscription: LiveSubscription, count: number): Promise<string[]> {
  const taken: string[] = [];
  while (taken.length < count) {
    const { done, value } = await subscription.next();
    if (done) throw new Error(`ended after ${taken.join(', ')}`);
    taken.push(short(value));
  }
  return taken;
}

/** What comes within `ms`; the delivery after that is not lost, because `next` is asked for one at a time. */
export async function quietFor(subscription: LiveSubscription, ms: number): Promise<boolean> {
  const next = subscription.next();
  const quiet = await Promise.race([next.then(() => false), sleep(ms).then(() => true)]);
  if (quiet) await subscription.return();
  return quiet;
}

export async function publishAll(live: LiveChannel, topic: string, from: number, to: number): Promise<void> {
  for (let seq = from; seq <= to; seq += 1) await live.publish(topic, lossless(`e${seq}`, seq));
}

/** Counts from now on. @returns how many listeners the signal has more than it had */
export function countListeners(signal: AbortSignal): () => number {
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...args);
  };
  return () => listeners;
}
