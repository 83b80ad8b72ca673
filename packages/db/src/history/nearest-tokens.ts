// Runs and seeds whose tokens are nearest to given ones: an exact scan over the newest of a workspace.
import { LIMITS } from '@tessera/protocol';
import { checkInteger } from '../checks.ts';
import { type Database, query } from '../database.ts';
import { InputError } from '../errors.ts';

export interface TokenNeighbour {
  /** Id of the run or seed. */
  readonly id: string;
  /** Positions whose tokens differ (Hamming distance). */
  readonly distance: number;
  /** Share of distinct tokens in common wherever they are (Jaccard), for images that have moved. */
  readonly overlap: number;
}

export interface TokenQuery {
  readonly workspaceId: string;
  readonly tokenizer: string;
  readonly tokens: ArrayLike<number>;
  readonly limit?: number;
  /** Left out of the answer: the run or seed that the tokens come from. */
  readonly except?: string;
  /** 'position': fewest differing positions first; 'overlap': most tokens in common first. */
  readonly by?: 'position' | 'overlap';
}

/** @throws InputError */
export async function nearestRunsByTokens(database: Database, wanted: TokenQuery): Promise<TokenNeighbour[]> {
  return nearest(wanted, (bytes, limit) =>
    query(
      database,
      (sql) => sql.$queryRaw<Candidates[]>`
        SELECT string_agg(run_id, ',') AS ids, string_agg(last_tokens, ''::bytea) AS tokens
        FROM (SELECT run_id, last_tokens FROM run_histories
          WHERE workspace_id = ${wanted.workspaceId} AND tokenizer = ${wanted.tokenizer}
            AND octet_length(last_tokens) = ${bytes}
          ORDER BY run_id DESC LIMIT ${limit}) newest`,
    ),
  );
}

/** @throws InputError */
export async function nearestSeedsByTokens(database: Database, wanted: TokenQuery): Promise<TokenNeighbour[]> {
  return nearest(wanted, (bytes, limit) =>
    query(
      database,
      (sql) => sql.$queryRaw<Candidates[]>`
        SELECT string_agg(seed_id, ',') AS ids, string_agg(data, ''::bytea) AS tokens
        FROM (SELECT seed_id, data FROM seed_tokens
          WHERE workspace_id = ${wanted.workspaceId} AND tokenizer = ${wanted.tokenizer} AND kind = 'indices'
            AND octet_length(data) = ${bytes}
          ORDER BY seed_id DESC LIMIT ${limit}) newest`,
    ),
  );
}

/** One row, its ids and tokens in the same order: as many rows as candidates would cost ten times the time. */
interface Candidates {
  /** Ids with commas between. */
  readonly ids: string | null;
  readonly tokens: Uint8Array | null;
}

async function nearest(
  wanted: TokenQuery,
  read: (bytes: number, limit: number) => Promise<Candidates[]>,
): Promise<TokenNeighbour[]> {
  const own = checkTokens(wanted.tokens);
  const limit = checkInteger('limit', wanted.limit ?? 10, 1, LIMITS.neighbours.value);
  const [row] = await read(own.byteLength, LIMITS.neighbourCandidates.value);
  if (!row?.ids || !row.tokens) return [];
  const all = new Uint16Array(Uint8Array.from(row.tokens).buffer);
  const overlap = overlapWith(own);
  const found = row.ids.split(',').map((id, i) => {
    const theirs = all.subarray(i * own.length, (i + 1) * own.length);
    return { id, distance: distanceOf(own, theirs), overlap: overlap(theirs) };
  });
  const byPosition = (a: TokenNeighbour, b: TokenNeighbour) => a.distance - b.distance || b.overlap - a.overlap;
  const byOverlap = (a: TokenNeighbour, b: TokenNeighbour) => b.overlap - a.overlap || a.distance - b.distance;
  return found
    .filter(({ id }) => id !== wanted.except)
    .sort(wanted.by === 'overlap' ? byOverlap : byPosition)
    .slice(0, limit);
}

function checkTokens(tokens: ArrayLike<number>): Uint16Array {
  if (tokens.length === 0) throw new InputError('tokens', 'are empty');
  return Uint16Array.from({ length: tokens.length }, (_, i) => checkInteger('token', tokens[i]!, 0, 65_535));
}

function distanceOf(a: Uint16Array, b: Uint16Array): number {
  let distance = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) distance++;
  return distance;
}

/** Jaccard index with one set of tokens. A table of marks instead of a set per candidate: this runs 20,000 times. */
function overlapWith(own: Uint16Array): (theirs: Uint16Array) => number {
  const mine = new Set(own);
  const marks = new Uint32Array(65_536);
  let round = 0;
  return (theirs) => {
    round++;
    let distinct = 0;
    let common = 0;
    for (const token of theirs) {
      if (marks[token] === round) continue;
      marks[token] = round;
      distinct++;
      if (mine.has(token)) common++;
    }
    return common / (mine.size + distinct - common);
  };
}
