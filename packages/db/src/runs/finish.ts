// The end of a run, or its pause, as told by the worker that holds it.
import type { RunEnding, RunFailure } from '@tessera/protocol';
import type { Prisma } from '../../generated/client.ts';
import { type Database, transaction } from '../database.ts';
import { compactRun } from '../history/compact.ts';
import { putRunEmbedding } from '../history/embeddings.ts';
import { refreshHistory } from '../history/refresh.ts';
import { holdRun } from './fence.ts';
import { failure } from './lease.ts';
import { type Run, readAnyRun } from './run.ts';

export type RunEnd = (
  | { readonly status: Exclude<RunEnding, 'failed'> }
  | { readonly status: 'failed'; readonly error: RunFailure }
) & {
  readonly manifest?: object;
  /** Independent score of the last image. */
  readonly score?: number;
  /** Unit image feature of the last image, for searches by similarity. */
  readonly embedding?: { readonly model: string; readonly vector: Float32Array };
};

/** Keeps every step that was stored. @throws FencedError, InputError */
export async function finishRun(database: Database, runId: string, fence: number, end: RunEnd): Promise<Run> {
  // Under the fence only the caller writes steps, so they can be read before the transaction.
  await refreshHistory(database, runId);
  const finished = await transaction(database, async (sql) => {
    const { workspaceId } = await holdRun(sql, runId, fence);
    const outcome =
      end.status === 'failed'
        ? failure(end.error)
        : { status: end.status, finishedAt: new Date(), leaseOwner: null, leaseExpiresAt: null };
    await sql.run.update({
      where: { id: runId },
      data: {
        ...outcome,
        ...(end.manifest && { manifest: end.manifest as Prisma.InputJsonObject }),
        ...(end.score !== undefined && Number.isFinite(end.score) && { score: end.score }),
      },
      select: { id: true },
    });
    if (end.embedding) await putRunEmbedding(sql, workspaceId, runId, end.embedding);
    return readAnyRun(sql, runId);
  });
  await compactRun(database, runId);
  return finished;
}

/** Ends the lease of a run whose pause was requested; its checkpoint must be stored. @throws FencedError */
export async function pauseHeldRun(database: Database, runId: string, fence: number): Promise<Run> {
  return transaction(database, async (sql) => {
    await holdRun(sql, runId, fence);
    await sql.$executeRaw`
      UPDATE runs SET status = 'paused', pause_requested_at = NULL, lease_owner = NULL, lease_expires_at = NULL,
        attempts = 0
      WHERE id = ${runId}`;
    return readAnyRun(sql, runId);
  });
}
