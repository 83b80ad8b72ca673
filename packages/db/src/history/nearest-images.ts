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

interface Candidate {
  readonly id: string;
  readonly embedding: Uint8Array;
}

/** @throws InputError */
export async function nearestRunsByImage(database: Database, wanted: ImageQuery): Promise<ImageNeighbour[]> {
  return nearest(wanted, (sketch, limit) =>
    query(
      database,
      (sql) => sql.$queryRaw<Candidate[]>`
        SELECT run_id AS id, embedding FROM run_embeddings
        WHERE workspace_id = ${wanted.workspaceId} AND model = ${wanted.model}
        ORDER BY bit_count(sketch # ${sketch}::bit(256)), run_id LIMIT ${limit}`,
    ),
  );
}

/** @throws InputError */
export async function nearestSeedsByImage(database: Database, wanted: ImageQuery): Promise<ImageNeighbour[]> {
  return nearest(wanted, (sketch, limit) =>
    query(
      database,
      (sql) => sql.$queryRaw<Candidate[]>`
        SELECT seed_id AS id, embedding FROM seed_embeddings
        WHERE workspace_id = ${wanted.workspaceId} AND model = ${wanted.model}
        ORDER BY bit_count(sketch # ${sketch}::bit(256)), seed_id LIMIT ${limit}`,
    ),
  );
}

async function nearest(
  wanted: ImageQuery,
  read: (sketch: string, limit: number) => Promise<Candidate[]>,
): Promise<ImageNeighbour[]> {
  const unit = unitOf(wanted.vector);
  const limit = checkInteger('limit', wanted.limit ?? 10, 1, LIMITS.neighbours.value);
  const candidates = await read(sketchOf(unit), Math.max(CANDIDATES, limit * 4));
  return candidates
    .map(({ id, embedding }) => ({ id, vector: vectorFromBytes(embedding) }))
    .filter(({ id, vector }) => id !== wanted.except && vector.length === unit.length)
    .map(({ id, vector }) => ({ id, similarity: dot(unit, vector) }))
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, limit);
}
