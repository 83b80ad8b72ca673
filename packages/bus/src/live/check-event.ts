// What both channels check before they take an event.
import { EventTooLargeError } from '../errors.ts';
import type { BusLimits } from '../limits.ts';
import { checkKey, checkTopic, checkWhole } from '../names.ts';
import type { LiveEvent, SubscribeOptions } from './live-channel.ts';

/** @throws BusNameError, BusOptionError, EventTooLargeError */
export function checkEvent(topic: string, event: LiveEvent, limits: BusLimits): void {
  checkTopic(topic);
  const bytes = event.data?.byteLength ?? 0;
  if (bytes > limits.eventBytes) throw new EventTooLargeError(bytes, limits.eventBytes);
  if (event.kind === 'lossless') {
    if (event.seq !== undefined) checkWhole('seq', event.seq, 1);
  } else {
    checkKey(event.key ?? '');
    if (event.ttlMs !== undefined) checkWhole('ttlMs', event.ttlMs, 1);
  }
}

/** @throws BusNameError, BusOptionError */
export function checkSubscribe(topic: string, { after }: SubscribeOptions): void {
  checkTopic(topic);
  if (after !== undefined) checkWhole('after', after, 0);
}
