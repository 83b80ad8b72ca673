// A sweep by its id, where the viewer may see it.
import { getSweep, type Sweep } from '@tessera/db';
import type { Context } from '../context.ts';
import { mayView } from '../found.ts';

/** Null where there is none, or none that is open to the viewer. */
export async function sweepOf(ctx: Context, id: string): Promise<Sweep | null> {
  const place = await ctx.loads.row('Sweep', id);
  return place && (await mayView(ctx, 'Sweep', place)) ? getSweep(ctx.database, place.workspaceId, id) : null;
}
