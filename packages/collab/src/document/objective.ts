// An objective of a session: a map of its own in the document, so that weight and model can be changed side by side.
import * as z from 'zod';

const model = z.string().min(1).max(200);
const weight = z.number().min(-1e6).max(1e6);

const withModel = <K extends string>(kind: K) =>
  z.strictObject({ id: z.string().regex(/^[\w-]{1,64}$/), kind: z.literal(kind), model, weight });
const ofPixels = <K extends string>(kind: K) =>
  z.strictObject({ id: z.string().regex(/^[\w-]{1,64}$/), kind: z.literal(kind), weight });

/** Prompts are the session's; `clip` takes the negative one, too. */
export const objectiveSchema = z.discriminatedUnion('kind', [
  withModel('clip'),
  withModel('siglip'),
  ofPixels('l1'),
  ofPixels('l2'),
]);

export type SessionObjective = z.infer<typeof objectiveSchema>;
