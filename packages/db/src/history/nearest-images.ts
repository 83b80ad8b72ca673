// Runs and seeds whose pictures are nearest by an encoder's feature: sketches choose candidates, vectors rank them.
import { LIMITS } from '@tessera/protocol';
import { checkInteger } from '../checks.ts';
import { type Database, query } from '../database.ts';
import { vectorFromBytes } from './embeddings.ts';
import { dot, sketchOf, unitOf } from './sketch.ts';

export interface ImageNeighbour {
  readonly id: string;
  /** Cosine of the angle between the features, exact. */
  readonly similarity: number;
}

export interface ImageQuery {
  readonly workspaceId: string;
  readonly model: string;
  readonly vector: Float32Array;
  readonly limit?: number;
  readonly except?: string;
}

/** Candidates by sketch for each result that is wanted; few true neighbours are outside (measured in the tests). */
const CANDIDATES = 200;

/** One row, its ids and vectors in the same order. */
interface Candidates {
  /** Ids with commas between. */
  readonly ids: string | null;
  readonly embeddings: Uint8Array | null;
}

/** @throws InputError */
export async function nearestRunsByImage(database: Database, wanted: ImageQuery): Promise<ImageNeighbour[]> {
  return nearest(wanted, (sketch, limit) =>
    query(
      database,
      (sql) => sql.$queryRaw<Candidates[]>`
        SELECT string_agg(run_id, ',') AS ids, string_agg(embedding, ''::bytea) AS embeddings FROM (
          SELECT run_id, embedding FROM run_embeddings
          WHERE workspace_id = ${wanted.workspaceId} AND model = ${wanted.model}
            AND octet_length(embedding) = ${wanted.vector.byteLength}
          ORDER BY bit_count(sketch # ${sketch}::bit(256)), run_id LIMIT ${limit}) candidates`,
    ),
  );
}

/** @throws InputError */
export async function nearestSeedsByImage(database: Database, wanted: ImageQuery): Promise<ImageNeighbour[]> {
  return nearest(wanted, (sketch, limit) =>
    query(
      database,
      (sql) => sql.$queryRaw<Candidates[]>`
        SELECT string_agg(seed_id, ',') AS ids, string_agg(embedding, ''::bytea) AS embeddings FROM (
          SELECT seed_id, embedding FROM seed_embeddings
          WHERE workspace_id = ${wanted.workspaceId} AND model = ${wanted.model}
            AND octet_length(embedding) = ${wanted.vector.byteLength}
          ORDER BY bit_count(sketch # ${sketch}::bit(256)), seed_id LIMIT ${limit}) candidates`,
    ),
  );
}

async function nearest(
  wanted: ImageQuery,
  read: (sketch: string, limit: number) => Promise<Candidates[]>,
): Promise<ImageNeighbour[]> {
  const unit = unitOf(wanted.vector);
  const limit = checkInteger('limit', wanted.limit ?? 10, 1, LIMITS.neighbours.value);
  const [row] = await read(sketchOf(unit), Math.max(CANDIDATES, limit * 4));
  if (!row?.ids || !row.embeddings) return [];
  const all = vectorFromBytes(row.embeddings);
  return row.ids
    .split(',')
    .map((id, i) => ({ id, similarity: dot(unit, all.subarray(i * unit.length, (i + 1) * unit.length)) }))
    .filter(({ id }) => id !== wanted.except)
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, limit);
}
