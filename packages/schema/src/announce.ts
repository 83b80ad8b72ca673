// After a change: others are told to look again, and what concerns access is written into the audit log.
import { BusError } from '@tessera/bus';
import { recordAudit } from '@tessera/db';
import { publishChange, type WorkspaceChange } from '@tessera/wire';
import { actorOf } from './access.ts';
import type { Context } from './context.ts';

/**
 * Tells who watches the workspace. The change is stored already, so a live channel that is away does not undo it: whoever
 * watches is told of the gap and reads anew.
 */
export async function announce(ctx: Context, workspaceId: string, change: WorkspaceChange): Promise<void> {
  try {
    await publishChange(ctx.bus.live, workspaceId, change);
  } catch (error) {
    if (!(error instanceof BusError)) throw error;
  }
}

export interface Audited {
  /** Such as `member.role` or `link.revoke`. */
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string;
  readonly detail?: object;
}

export async function audit(ctx: Context, workspaceId: string, entry: Audited): Promise<void> {
  await recordAudit(ctx.database, { workspaceId, actorId: actorOf(ctx), ...entry });
}
