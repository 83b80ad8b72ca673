// The same request twice is one change: the key remembers what it made, and refuses another body.
import { LIMITS } from '@tessera/protocol';
import { checkText } from './checks.ts';
import { type Database, query, type Statements } from './database.ts';
import { IdempotencyConflictError } from './errors.ts';

export interface IdempotencyRequest {
  readonly workspaceId: string;
  readonly userId: string;
  /** Absent: every call makes something new. */
  readonly key: string | undefined;
  /** Name of the mutation. */
  readonly operation: string;
  /** `hashOf` the input. */
  readonly bodyHash: string;
}

/**
 * Claims the key for `resultId` inside a transaction. Returns the id that the same request made before, if it did; a
 * request that runs at the same time waits here until the first has committed.
 * @throws IdempotencyConflictError
 */
export async function earlierResult(
  sql: Statements,
  request: IdempotencyRequest,
  resultId: string,
): Promise<string | undefined> {
  if (request.key === undefined) return undefined;
  const { workspaceId, userId, operation, bodyHash } = request;
  const key = checkText('idempotencyKey', request.key, LIMITS.idempotencyKeyCharacters.value);
  const inserted = await sql.$executeRaw`
    INSERT INTO idempotency_keys (workspace_id, user_id, key, operation, body_hash, result_id)
    VALUES (${workspaceId}, ${userId}, ${key}, ${operation}, ${bodyHash}, ${resultId})
    ON CONFLICT DO NOTHING`;
  if (inserted === 1) return undefined;
  const earlier = await sql.idempotencyKey.findUnique({
    where: { workspaceId_userId_key: { workspaceId, userId, key } },
  });
  if (!earlier) throw new IdempotencyConflictError(key);
  return sameRequest(earlier, request);
}

/**
 * The id that the same request made before, without claiming the key: a repeated request is answered from it before anything is
 * looked up or computed. @throws IdempotencyConflictError
 */
export async function findEarlierResult(database: Database, request: IdempotencyRequest): Promise<string | undefined> {
  const { workspaceId, userId, key } = request;
  if (key === undefined) return undefined;
  const where = { workspaceId_userId_key: { workspaceId, userId, key } };
  const earlier = await query(database, (sql) => sql.idempotencyKey.findUnique({ where }));
  return earlier ? sameRequest(earlier, request) : undefined;
}

function sameRequest(
  earlier: { readonly operation: string; readonly bodyHash: string; readonly resultId: string },
  { key = '', operation, bodyHash }: IdempotencyRequest,
): string {
  if (earlier.operation !== operation || earlier.bodyHash !== bodyHash) throw new IdempotencyConflictError(key);
  return earlier.resultId;
}
