// Tickets as compact JWS (HS256): the same subject gives the same address, so that browsers keep what it shows.
import { CompactSign, compactVerify } from 'jose';
import * as z from 'zod';
import { NotFoundError, SchemaError } from './errors.ts';
import type { TicketSubject, Tickets } from './tickets.ts';

class TicketExpiredError extends SchemaError {
  constructor() {
    super('EXPIRED', 'This address is over; ask for a new one.');
  }
}

const id = z.string().min(1).max(64);
const size = z.int().min(1).max(16_383).optional();

const subject: z.ZodType<TicketSubject> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('step-picture'),
    workspaceId: id,
    runId: id,
    step: z.int().min(0),
    size,
    format: z.enum(['webp', 'jpeg', 'png']),
  }),
  z.strictObject({ kind: z.literal('blob-picture'), workspaceId: id, blobId: id, size }),
  z.strictObject({
    kind: z.literal('tokens-picture'),
    tokenizer: z.string().max(200),
    indices: z.array(z.int().min(0)).max(4_096),
    size,
  }),
  z.strictObject({
    kind: z.literal('run-export'),
    workspaceId: id,
    runId: id,
    format: z.string().max(20),
    step: z.int().min(0).optional(),
    size,
    fps: z.number().optional(),
    stride: z.int().min(1).optional(),
  }),
]) as z.ZodType<TicketSubject>;

const claims = z.strictObject({ subject, exp: z.int() });

/** Ends are rounded up to these, in seconds, so that addresses asked for twice meanwhile are one. */
const MINUTE = 60;
const DAY = 86_400;

/** `secret`: at least 32 bytes, the same in every process of the installation. */
export function signedTickets(secret: Uint8Array, now: () => number = Date.now): Tickets {
  if (secret.byteLength < 32)
    throw new RangeError(`The secret of tickets has ${secret.byteLength} bytes; 32 are needed.`);
  const seconds = () => Math.floor(now() / 1_000);
  return {
    async sign(what, life) {
      const grain = life < DAY ? MINUTE : DAY;
      const exp = Math.ceil((seconds() + life) / grain) * grain;
      const payload = new TextEncoder().encode(JSON.stringify({ subject: what, exp }));
      return new CompactSign(payload).setProtectedHeader({ alg: 'HS256' }).sign(secret);
    },
    async open(token) {
      const { payload } = await compactVerify(token, secret, { algorithms: ['HS256'] }).catch(() => {
        throw new NotFoundError('address');
      });
      const read = claims.safeParse(JSON.parse(new TextDecoder().decode(payload)));
      if (!read.success) throw new NotFoundError('address');
      if (read.data.exp <= seconds()) throw new TicketExpiredError();
      return read.data.subject;
    },
  };
}
