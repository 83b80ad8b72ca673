// Tickets: what was signed comes back, anything else is no address of ours.
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { signedTickets, type TicketSubject } from '../src/index.ts';

const secret = randomBytes(32);
const subject: TicketSubject = { kind: 'blob-picture', workspaceId: 'w', blobId: 'b', size: 64 };

it('gives back what was signed, under the same address each time', async () => {
  const tickets = signedTickets(secret);
  const token = await tickets.sign(subject, 60);
  expect(await tickets.open(token)).toEqual(subject);
  expect(await tickets.sign(subject, 60)).toBe(token);
});

it('refuses what another installation signed, and what was changed', async () => {
  const token = await signedTickets(secret).sign(subject, 60);
  const [head, body, tag] = token.split('.');
  const other = Buffer.from(JSON.stringify({ subject: { ...subject, blobId: 'c' } })).toString('base64url');
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`;
  const wrong = ['', 'x', 'a.b.c', `${head}.${other}.${tag}`, unsigned, `${token}x`];
  for (const text of wrong) {
    await expect(signedTickets(secret).open(text), text).rejects.toMatchObject({ code: 'NOT_FOUND' });
  }
  await expect(signedTickets(randomBytes(32)).open(token)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('is over after its time', async () => {
  let now = Date.parse('2026-01-01T00:00:30Z');
  const tickets = signedTickets(secret, () => now);
  const token = await tickets.sign(subject, 60);
  now += 59_000;
  expect(await tickets.open(token)).toEqual(subject);
  now += 120_000;
  await expect(tickets.open(token)).rejects.toMatchObject({ code: 'EXPIRED' });
});

it('keeps an address of a day for the whole day, and opens it for one day to two', async () => {
  const at = (time: string) => signedTickets(secret, () => Date.parse(time));
  const morning = await at('2026-01-01T00:00:10Z').sign(subject, 86_400);
  const night = await at('2026-01-01T23:59:50Z').sign(subject, 86_400);
  const next = await at('2026-01-02T00:00:10Z').sign(subject, 86_400);
  expect(night).toBe(morning);
  expect(next).not.toBe(night);
  expect(await at('2026-01-02T23:59:50Z').open(night)).toEqual(subject);
  await expect(at('2026-01-03T00:00:00Z').open(night)).rejects.toMatchObject({ code: 'EXPIRED' });
  expect(await at('2026-01-03T00:00:00Z').open(next)).toEqual(subject);
});

it('needs a secret of 32 bytes', () => {
  expect(() => signedTickets(randomBytes(31))).toThrow(RangeError);
});
