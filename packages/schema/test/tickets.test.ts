// Tickets: what was signed comes back, anything else is no address of ours.
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { signedTickets, type TicketSubject } from '../src/index.ts';

const secret = randomBytes(32);
const subject: TicketSubject = { kind: 'blob-picture', workspaceId: 'w', blobId: 'b', size: 64 };

it('gives back what was signed, under the same address each time', async () => {
  const tickets = signedTickets(secret);
  const token = await tickets.sign(subject);
  expect(await tickets.open(token)).toEqual(subject);
  expect(await tickets.sign(subject)).toBe(token);
});

it('refuses what another installation signed, and what was changed', async () => {
  const token = await signedTickets(secret).sign(subject);
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

it('needs a secret of 32 bytes', () => {
  expect(() => signedTickets(randomBytes(31))).toThrow(RangeError);
});
