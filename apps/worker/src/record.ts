// From the engine's event to the step as it is stored and sent.
import type { Steering, StepEvent } from '@tessera/engine';
import type { StepRecord } from '@tessera/protocol';

export interface RecordedStep {
  readonly record: StepRecord;
  /** Numbers of the requested changes that took effect. */
  readonly applied: readonly number[];
}

/**
 * Losses and scores are float32 in the history, so they are sent as such: what is live equals what is replayed.
 * A change that could not be applied stays visible where it was tried: `{ rejected, reason }` among the step's steering.
 * `seqOf` finds the number of a requested change; changes that the plan itself brings have none.
 */
export function recordOf(event: StepEvent, seqOf: (change: Steering) => number | undefined): RecordedStep {
  const rejected = event.rejected.map(({ change, reason }) => ({ rejected: change, reason }));
  return {
    record: {
      step: event.step,
      loss: Math.fround(event.loss),
      regularisation: Math.fround(event.regularisation),
      terms: event.terms.map(({ kind, loss, weight, similarity, negativeSimilarity }) => ({
        kind,
        loss: Math.fround(loss),
        weight: Math.fround(weight),
        ...(similarity !== undefined && { similarity: Math.fround(similarity) }),
        ...(negativeSimilarity !== undefined && { negativeSimilarity: Math.fround(negativeSimilarity) }),
      })),
      gradientNorms: event.gradientNorms,
      tokens: event.tokens,
      changed: event.changed,
      ...(event.score !== undefined && { score: Math.fround(event.score) }),
      skipped: event.skipped,
      steering: [...event.steering, ...rejected],
    },
    applied: event.steering.map(seqOf).filter((seq) => seq !== undefined),
  };
}
