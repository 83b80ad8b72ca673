// What one client shows of itself to the others of a session.
import type { Presence } from '@tessera/protocol';
import * as z from 'zod';
import { PresenceInvalidError } from '../errors.ts';

const id = z.string().min(1).max(128);

const presenceSchema = z.strictObject({
  colour: z.string().regex(/^#[0-9a-f]{6}$/i, 'must be a colour like #3366cc'),
  /** On the picture: shares of width and height, (0, 0) upper left. */
  cursor: z.strictObject({ x: z.number().min(0).max(1), y: z.number().min(0).max(1) }).optional(),
  runId: id.optional(),
  step: z.number().int().min(0).optional(),
  /** Client id of whom this client follows. */
  following: id.optional(),
});

/** What a client may say of itself; who it is comes from its token. */
export type PresenceState = Pick<Presence, 'colour' | 'cursor' | 'runId' | 'step' | 'following'>;

/** @throws PresenceInvalidError */
export function parsePresence(value: unknown): PresenceState {
  const result = presenceSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw new PresenceInvalidError(issue.path.join('.'), issue.message);
  }
  const { colour, cursor, runId, step, following } = result.data;
  return {
    colour,
    ...(cursor && { cursor }),
    ...(runId !== undefined && { runId }),
    ...(step !== undefined && { step }),
    ...(following !== undefined && { following }),
  };
}
