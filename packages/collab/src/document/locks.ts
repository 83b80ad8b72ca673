// Locked token positions: a key of a map each, so that two people who lock at once both have their lock.
import type { Roots } from './roots.ts';

/** Written in one way only, so that no position is there twice. */
export function isPosition(key: string): boolean {
  return /^(0|[1-9]\d{0,8})$/.test(key);
}

/** Ascending. */
export function lockedPositions(locks: Roots['locks']): number[] {
  return [...locks.keys()].map(Number).sort((a, b) => a - b);
}
