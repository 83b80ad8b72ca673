// Subscriptions outlive a server whose database is away.
import { expect, it, vi } from 'vitest';
import { patiently } from '../src/gql/patiently.ts';

const away = [{ message: 'The database cannot be reached.', extensions: { code: 'UNAVAILABLE' } }];
const refused = [{ message: 'There is no such run.', extensions: { code: 'NOT_FOUND' } }];

it('asks again while the server cannot serve, and tells what waiting does not help', async () => {
  const answers = [away, away, refused];
  const begin = vi.fn((onError: (cause: unknown) => void) => {
    const answer = answers.shift();
    if (answer) queueMicrotask(() => onError(answer));
    return () => {};
  });
  const told = await new Promise((resolve) => void patiently(begin, resolve, 1));
  expect(told).toBe(refused);
  expect(begin).toHaveBeenCalledTimes(3);
});

it('stops what runs, and what waits', async () => {
  let fail: (cause: unknown) => void = () => {};
  const stopped = vi.fn();
  const failed = vi.fn();
  const begin = vi.fn((onError: (cause: unknown) => void) => {
    fail = onError;
    return stopped;
  });
  const stop = patiently(begin, failed, 1);
  fail(away);
  stop();
  fail(away);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(begin).toHaveBeenCalledTimes(1);
  expect(stopped).toHaveBeenCalledTimes(1);
  expect(failed).not.toHaveBeenCalled();
});
