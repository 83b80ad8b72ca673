// Rows by id alone, whatever their workspace: callers check access. One statement for many ids.
import { isRole } from '@tessera/protocol';
import { type Database, query, type Statements } from './database.ts';
import type { Invitation } from './people/invitations.ts';
import { linkOf, type ShareLink } from './people/share-links.ts';
import type { User } from './people/users.ts';
import type { Workspace } from './people/workspaces.ts';
import type { Mask } from './pictures/masks.ts';
import { type Seed, seedOf, WITH_HASH } from './pictures/seeds.ts';
import { type Comment, commentOf } from './sessions/comments.ts';
import type { StudioSession } from './sessions/sessions.ts';

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

type Reader<T> = (sql: Statements, ids: string[]) => Promise<readonly T[]>;

const place = { id: true, workspaceId: true, sessionId: true } as const;

const readers: { readonly [K in RowKind]: Reader<Rows[K]> } = {
  User: (sql, ids) =>
    sql.user.findMany({
      where: { id: { in: ids } },
      select: { id: true, name: true, email: true, image: true, createdAt: true },
    }),
  Workspace: (sql, ids) =>
    sql.workspace.findMany({
      where: { id: { in: ids } },
      select: { id: true, name: true, slug: true, createdAt: true },
    }),
  Session: (sql, ids) => sql.studioSession.findMany({ where: { id: { in: ids } } }),
  Seed: async (sql, ids) => (await sql.seed.findMany({ where: { id: { in: ids } }, include: WITH_HASH })).map(seedOf),
  Mask: (sql, ids) => sql.mask.findMany({ where: { id: { in: ids } } }),
  Comment: async (sql, ids) => (await sql.comment.findMany({ where: { id: { in: ids } } })).map(commentOf),
  ShareLink: async (sql, ids) => (await sql.shareLink.findMany({ where: { id: { in: ids } } })).map(linkOf),
  Invitation: async (sql, ids) => {
    const rows = await sql.invitation.findMany({ where: { id: { in: ids } } });
    return rows.map(({ role, status, ...invitation }) => ({
      ...invitation,
      role: role && isRole(role) ? role : 'viewer',
      status: status as Invitation['status'],
    }));
  },
  Run: (sql, ids) => sql.run.findMany({ where: { id: { in: ids } }, select: { ...place, seedId: true, maskId: true } }),
  Sweep: (sql, ids) => sql.sweep.findMany({ where: { id: { in: ids } }, select: place }),
};

/** Rows by id; ids that no row can have are left out before they reach a statement. */
export async function readRows<K extends RowKind>(
  database: Database,
  kind: K,
  ids: readonly string[],
): Promise<Map<string, Rows[K]>> {
  const known = ids.filter((id) => /^[\x21-\x7e]{1,64}$/.test(id));
  const rows: readonly Rows[K][] = known.length > 0 ? await query(database, (sql) => readers[kind](sql, known)) : [];
  return new Map(rows.map((row) => [row.id, row]));
}
