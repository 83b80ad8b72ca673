// A stroke of the mask: one immutable value in the document, so that it is there as a whole or not at all.
import * as z from 'zod';
import { COLLAB_LIMITS } from '../limits.ts';

const id = z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -');
/** A pen may leave the picture by its whole width. */
const coordinate = z.number().min(-1, 'is far outside the picture').max(2, 'is far outside the picture');

export const strokeSchema = z.strictObject({
  id,
  /** User id of who drew it, as the client says; the log of updates knows better. */
  author: z.string().min(1).max(64),
  /** `add`: to be generated; `erase`: to be kept. Later strokes paint over earlier ones. */
  mode: z.enum(['add', 'erase']),
  /** Diameter as a share of the picture's shorter side. */
  size: z.number().gt(0).max(1),
  /** 0: hard edge; 1: soft from the middle on. */
  softness: z.number().min(0).max(1),
  /** x0, y0, x1, y1, ... as shares of width and height; (0, 0) is the upper left corner of the upper left pixel. */
  points: z
    .array(coordinate)
    .min(2, 'holds no point')
    .max(2 * COLLAB_LIMITS.strokePoints.value, `holds more than ${COLLAB_LIMITS.strokePoints.value} points`)
    .refine((points) => points.length % 2 === 0, 'holds half a point'),
});

export type Stroke = z.infer<typeof strokeSchema>;
