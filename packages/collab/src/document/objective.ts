// An objective of a session: a map of its own in the document, so that weight and model can be changed side by side.
import * as z from 'zod';

const id = z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -');
/** Null: the server's default for this kind. */
const model = z.string().min(1).max(200).nullable().default(null);
const weight = z.number().min(-1e6).max(1e6).default(1);

const withModel = <K extends string>(kind: K) => z.strictObject({ id, kind: z.literal(kind), model, weight });
const ofPixels = <K extends string>(kind: K) => z.strictObject({ id, kind: z.literal(kind), weight });

/**
 * Prompts are the session's; `clip` takes the negative one, too. What can be changed has a default: concurrent changes
 * and undo may leave a field without a value.
 */
export const objectiveSchema = z.discriminatedUnion('kind', [
  withModel('clip'),
  withModel('siglip'),
  ofPixels('l1'),
  ofPixels('l2'),
]);

export type SessionObjective = z.infer<typeof objectiveSchema>;
