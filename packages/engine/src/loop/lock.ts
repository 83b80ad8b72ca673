// Locked positions: their tokens stay what they are while the others are optimised.
import { PlanError } from '../errors.ts';
import type { RunPlan } from '../plan.ts';

/** @throws PlanError for a position, of the plan or of a live change that it holds, which the tokenizer does not have */
export function checkLocks({ lockedPositions, steering }: RunPlan, tokens: number): void {
  checkPositions(lockedPositions, tokens);
  for (const { change } of steering) if (change.lockedPositions) checkPositions(change.lockedPositions, tokens);
}

/** @throws PlanError naming the first position that the tokenizer does not have */
export function checkPositions(positions: readonly number[], tokens: number): void {
  positions.forEach((position, i) => {
    if (position >= tokens) {
      throw new PlanError(
        `lockedPositions.${i}`,
        `is ${position}; the positions of this tokenizer are 0 to ${tokens - 1}`,
      );
    }
  });
}

/** For each of `length` = tokens x channels numbers: 1 where it may change, 0 where its position is locked. */
export function freeMask(locked: readonly number[], tokens: number, length: number): Uint8Array {
  const mask = new Uint8Array(length).fill(1);
  const channels = length / tokens;
  for (const position of locked) mask.fill(0, position * channels, (position + 1) * channels);
  return mask;
}
