// Who did what in a workspace, and when: written beside the change, read by owners.
import type { Prisma } from '../../generated/client.ts';
import { checkText } from '../checks.ts';
import { type Database, query } from '../database.ts';
import { newId } from '../ids.ts';
import { edgeByTime, keysetOf, newestFirst, type Page, type PageRequest, pageOf } from '../page.ts';

export interface AuditEntry {
  readonly id: string;
  readonly workspaceId: string;
  /** Null: the system itself. */
  readonly actorId: string | null;
  /** Such as 'member.role' or 'link.revoke'. */
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string;
  readonly detail: object | null;
  readonly createdAt: Date;
}

export async function recordAudit(
  database: Database,
  entry: Omit<AuditEntry, 'id' | 'createdAt' | 'detail'> & { readonly detail?: object },
): Promise<void> {
  const { detail, ...rest } = entry;
  const data = { ...rest, action: checkText('action', entry.action, 100), id: newId(), createdAt: new Date() };
  await query(database, (sql) =>
    sql.auditEntry.create({ data: { ...data, ...(detail && { detail: detail as Prisma.InputJsonObject }) } }),
  );
}

export async function listAudit(database: Database, workspaceId: string, page: PageRequest): Promise<Page<AuditEntry>> {
  const keyset = keysetOf(page);
  const { where, ...order } = newestFirst(keyset);
  const rows = await query(database, (sql) => sql.auditEntry.findMany({ where: { workspaceId, ...where }, ...order }));
  return pageOf(rows, keyset, (row) => edgeByTime({ ...row, detail: row.detail as object | null }));
}
