// Image features of runs and seeds: stored as unit vectors with their sketch.
import type { Statements } from '../database.ts';
import { sketchOf, unitOf } from './sketch.ts';

export interface Embedding {
  /** Id of the encoder: features of another one mean something else. */
  readonly model: string;
  readonly vector: Float32Array;
}

export async function putRunEmbedding(
  sql: Statements,
  workspaceId: string,
  runId: string,
  { model, vector }: Embedding,
): Promise<void> {
  const unit = unitOf(vector);
  const row = { workspaceId, embedding: new Uint8Array(unit.buffer), sketch: sketchOf(unit) };
  await sql.runEmbedding.upsert({
    where: { runId_model: { runId, model } },
    create: { runId, model, ...row },
    update: row,
    select: { model: true },
  });
}

export async function putSeedEmbedding(
  sql: Statements,
  workspaceId: string,
  seedId: string,
  { model, vector }: Embedding,
): Promise<void> {
  const unit = unitOf(vector);
  const row = { workspaceId, embedding: new Uint8Array(unit.buffer), sketch: sketchOf(unit) };
  await sql.seedEmbedding.upsert({
    where: { seedId_model: { seedId, model } },
    create: { seedId, model, ...row },
    update: row,
    select: { model: true },
  });
}

export function vectorFromBytes(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}
