// The image feature of a run's last frame, for searches by similarity.
import type { RunEnd } from '@tessera/db';
import type { Frame, RunPlan } from '@tessera/engine';
import type { Logger } from 'pino';
import type { Desk } from './desk.ts';

/** By the run's own CLIP, else by the worker's. A run is complete without: whatever fails here is logged only. */
export async function embeddingOf(
  { engine, embedder }: Desk,
  plan: RunPlan,
  frame: Frame,
  log: Logger,
): Promise<RunEnd['embedding']> {
  const own = plan.objectives.find((spec) => spec.kind === 'clip');
  try {
    const encoder = await engine.library.encoder(own?.model ?? embedder);
    return { model: encoder.id, vector: await engine.embedFrame(encoder, frame) };
  } catch (error) {
    log.warn({ err: error }, 'the last frame could not be embedded');
    return undefined;
  }
}
