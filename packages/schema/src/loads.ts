// What one request has read already: each row once, many ids in one statement. A subscription forgets it before every event.
import { type Database, isShareLinkOpen, type RowKind, type Rows, readRows, roleOf } from '@tessera/db';
import type { Role } from '@tessera/protocol';
import DataLoader from 'dataloader';

type Loaders = { readonly [K in RowKind]: DataLoader<string, Rows[K] | undefined> };

interface Cache {
  readonly rows: Partial<Loaders>;
  readonly roles: Map<string, Promise<Role | undefined>>;
  readonly links: Map<string, Promise<boolean>>;
}

export class Loads {
  readonly #database: Database;
  #cache: Cache = emptyCache();

  constructor(database: Database) {
    this.#database = database;
  }

  /** The row that another one names; null where it names none, or it is gone. */
  async named<K extends RowKind>(kind: K, id: string | null): Promise<Rows[K] | null> {
    return id === null ? null : ((await this.row(kind, id)) ?? null);
  }

  /** The row with this id in whatever workspace, or undefined: who may see it is asked afterwards (`found`). */
  row<K extends RowKind>(kind: K, id: string): Promise<Rows[K] | undefined> {
    const loaders: { [P in K]?: DataLoader<string, Rows[P] | undefined> } = this.#cache.rows;
    const loader = loaders[kind] ?? new DataLoader<string, Rows[K] | undefined>((ids) => this.#read(kind, ids));
    loaders[kind] = loader;
    return loader.load(id);
  }

  async #read<K extends RowKind>(kind: K, ids: readonly string[]): Promise<(Rows[K] | undefined)[]> {
    const rows = await readRows(this.#database, kind, ids);
    return ids.map((id) => rows.get(id));
  }

  /** Role of a member. */
  role(workspaceId: string, userId: string): Promise<Role | undefined> {
    return remembered(this.#cache.roles, `${workspaceId} ${userId}`, () => roleOf(this.#database, workspaceId, userId));
  }

  /** Whether a share link still opens. */
  linkIsOpen(linkId: string): Promise<boolean> {
    return remembered(this.#cache.links, linkId, () => isShareLinkOpen(this.#database, linkId));
  }

  /** Everything is read anew from here on: after a change, and before each event of a subscription. */
  forget(): void {
    this.#cache = emptyCache();
  }
}

const emptyCache = (): Cache => ({ rows: {}, roles: new Map(), links: new Map() });

function remembered<T>(known: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const found = known.get(key) ?? read();
  known.set(key, found);
  return found;
}
