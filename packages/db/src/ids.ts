// Ids: UUID version 7, so that newer rows have larger ids; and what may be looked up at all.
import { randomBytes } from 'node:crypto';
import { NotFoundError } from './errors.ts';

let lastTime = 0;
let sequence = 0;

/** Rising within a process, also within a millisecond. */
export function newId(now: number = Date.now()): string {
  sequence = now > lastTime ? 0 : sequence + 1;
  lastTime = Math.max(now, lastTime);
  if (sequence > 0xfff) {
    lastTime++;
    sequence = 0;
  }
  const time = lastTime.toString(16).padStart(12, '0');
  const tail = randomBytes(8);
  tail[0] = (tail[0]! & 0x3f) | 0x80;
  const hex = `${time}7${sequence.toString(16).padStart(3, '0')}${tail.toString('hex')}`;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** An id from outside, as it may go to the database. @throws NotFoundError when no row can have it */
export function knownId(what: string, id: string): string {
  if (!/^[\x21-\x7e]{1,64}$/.test(id)) throw new NotFoundError(what, id.replace(/[^\x21-\x7e]/g, '?'));
  return id;
}
