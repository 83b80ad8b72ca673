// Rows by id alone, whatever their workspace: what global ids point at. One statement for many ids.
import type { Comment, Database, Invitation, Mask, Seed, ShareLink, StudioSession, User, Workspace } from '@tessera/db';
import { isRole } from '@tessera/protocol';

/** Where a run or sweep is; the rest of it is read through its workspace. */
export interface Place {
  readonly id: string;
  readonly workspaceId: string;
  readonly sessionId: string | null;
}

export interface RunPlace extends Place {
  readonly seedId: string | null;
  readonly maskId: string | null;
}

export interface Rows {
  readonly User: User;
  readonly Workspace: Workspace;
  readonly Session: StudioSession;
  readonly Seed: Seed;
  readonly Mask: Mask;
  readonly Comment: Comment;
  readonly ShareLink: ShareLink;
  readonly Invitation: Invitation;
  readonly Run: RunPlace;
  readonly Sweep: Place;
}

export type RowKind = keyof Rows;

type Reader<T> = (client: Database['client'], ids: string[]) => Promise<readonly T[]>;

const place = { id: true, workspaceId: true, sessionId: true } as const;

const readers: { readonly [K in RowKind]: Reader<Rows[K]> } = {
  User: (client, ids) =>
    client.user.findMany({
      where: { id: { in: ids } },
      select: { id: true, name: true, email: true, image: true, createdAt: true },
    }),
  Workspace: (client, ids) =>
    client.workspace.findMany({
      where: { id: { in: ids } },
      select: { id: true, name: true, slug: true, createdAt: true },
    }),
  Session: (client, ids) => client.studioSession.findMany({ where: { id: { in: ids } } }),
  Seed: async (client, ids) => {
    const rows = await client.seed.findMany({
      where: { id: { in: ids } },
      include: { blob: { select: { sha256: true } } },
    });
    return rows.map(({ blob, ...seed }) => ({ ...seed, sha256: blob.sha256 }));
  },
  Mask: (client, ids) => client.mask.findMany({ where: { id: { in: ids } } }),
  Comment: async (client, ids) => {
    const rows = await client.comment.findMany({ where: { id: { in: ids } } });
    return rows.map(({ region: [x, y, width, height], ...comment }) => {
      const has = x !== undefined && y !== undefined && width !== undefined && height !== undefined;
      return { ...comment, region: has ? { x, y, width, height } : null };
    });
  },
  ShareLink: async (client, ids) => {
    const rows = await client.shareLink.findMany({ where: { id: { in: ids } }, omit: { tokenHash: true } });
    return rows.map(({ access, ...link }) => ({ ...link, access: access === 'edit' ? 'edit' : 'view' }));
  },
  Invitation: async (client, ids) => {
    const rows = await client.invitation.findMany({ where: { id: { in: ids } } });
    return rows.map(({ role, status, ...invitation }) => ({
      ...invitation,
      role: role && isRole(role) ? role : 'viewer',
      status: status as Invitation['status'],
    }));
  },
  Run: (client, ids) =>
    client.run.findMany({ where: { id: { in: ids } }, select: { ...place, seedId: true, maskId: true } }),
  Sweep: (client, ids) => client.sweep.findMany({ where: { id: { in: ids } }, select: place }),
};

/** Rows by id; ids that no row can have are left out before they reach a statement. */
export async function readRows<K extends RowKind>(
  database: Database,
  kind: K,
  ids: readonly string[],
): Promise<Map<string, Rows[K]>> {
  const known = ids.filter((id) => /^[\x21-\x7e]{1,64}$/.test(id));
  const rows: readonly Rows[K][] = known.length > 0 ? await readers[kind](database.client, known) : [];
  return new Map(rows.map((row) => [row.id, row]));
}
