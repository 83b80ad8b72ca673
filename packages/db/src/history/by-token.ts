// Runs whose last image has given tokens at given positions.
import { LIMITS } from '@tessera/protocol';
import { checkInteger } from '../checks.ts';
import { type Database, query } from '../database.ts';
import { InputError } from '../errors.ts';
import { type Run, runOf } from '../runs/run.ts';
import { placed } from '../steps/statistics.ts';

export interface PlacedToken {
  readonly position: number;
  readonly token: number;
}

/** Runs of one tokenizer that are over and have all of the tokens, newest first. @throws InputError */
export async function runsByToken(
  database: Database,
  workspaceId: string,
  tokenizer: string,
  tokens: readonly PlacedToken[],
  limit: number = LIMITS.neighbours.value,
): Promise<Run[]> {
  if (tokens.length === 0) throw new InputError('tokens', 'are empty; name at least one position and its token');
  const wanted = tokens.map(({ position, token }) =>
    placed(checkInteger('position', position, 0, 32_767), checkInteger('token', token, 0, 65_535)),
  );
  const max = checkInteger('limit', limit, 1, LIMITS.pageSize.value);
  const rows = await query(database, async (sql) => {
    const ids = await sql.$queryRaw<{ run_id: string }[]>`
      SELECT run_id FROM run_histories
      WHERE placed_tokens @> ${wanted}::int[] AND workspace_id = ${workspaceId} AND tokenizer = ${tokenizer}
      ORDER BY run_id DESC LIMIT ${max}`;
    return sql.run.findMany({
      where: { workspaceId, id: { in: ids.map(({ run_id }) => run_id) } },
      orderBy: { id: 'desc' },
    });
  });
  return rows.map(runOf);
}
