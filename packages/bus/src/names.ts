// Names and numbers that callers hand in, checked before they become keys of Redis.
import { BusNameError, BusOptionError } from './errors.ts';

const TOPIC = /^[\w.:=-]{1,200}$/;
const RUN_ID = /^[\w=-]{1,128}$/;

export function checkTopic(topic: string): string {
  if (!TOPIC.test(topic)) throw new BusNameError('The topic', topic, '1 to 200 letters, digits or _ . : = -');
  return topic;
}

export function checkRunId(runId: string): string {
  if (!RUN_ID.test(runId)) throw new BusNameError('The run id', runId, '1 to 128 letters, digits or _ = -');
  return runId;
}

/** A latest-wins slot; the default slot is ''. */
export function checkKey(key: string): string {
  if (key !== '' && !TOPIC.test(key))
    throw new BusNameError('The key', key, 'at most 200 letters, digits or _ . : = -');
  return key;
}

/** A whole number of at least `min` that a double holds exactly. */
export function checkWhole(option: string, value: number, min: number): number {
  if (!Number.isSafeInteger(value) || value < min)
    throw new BusOptionError(option, value, `a whole number from ${min} on`);
  return value;
}
