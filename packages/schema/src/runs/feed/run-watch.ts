// The row of a run for many subscribers: read once for each message that says it changed, and at most once a second beside.
import { type Database, getRun, type Run } from '@tessera/db';
import type { StatusChanged } from '@tessera/protocol';
import { LRUCache } from 'lru-cache';

const FRESH_MS = 1_000;

type Key = Pick<Run, 'id' | 'workspaceId'>;

/** One per process. */
export class RunWatch {
  readonly #database: Database;
  readonly #byMessage = new WeakMap<StatusChanged, Promise<Run>>();
  readonly #recent = new LRUCache<string, Promise<Run>>({ max: 1_000, ttl: FRESH_MS });

  constructor(database: Database) {
    this.#database = database;
  }

  /** At least as new as the message: what is told was stored before. Subscribers are handed the same object. */
  since(message: StatusChanged, key: Key): Promise<Run> {
    const known = this.#byMessage.get(message) ?? this.now(key);
    this.#byMessage.set(message, known);
    return known;
  }

  /** Not older than a second. */
  recent(key: Key): Promise<Run> {
    const known = this.#recent.get(key.id) ?? this.now(key);
    this.#recent.set(key.id, known);
    return known;
  }

  now({ id, workspaceId }: Key): Promise<Run> {
    return getRun(this.#database, workspaceId, id);
  }
}
