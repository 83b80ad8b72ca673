// Statistics per token position, computed from a history in the page: the same figures as `positionStatistics`, while a run goes on.

export interface PositionStatistics {
  readonly position: number;
  readonly changes: number;
  readonly firstChanged: number | null;
  readonly lastChanged: number | null;
  /** Bits, over the steps given. */
  readonly entropy: number;
}

/** `rows` holds the tokens after each step [steps x positions]; `changed` the positions that changed at each step. */
export function positionStatistics(
  positions: number,
  steps: readonly number[],
  rows: readonly (readonly number[] | null)[],
  changed: readonly (readonly number[])[],
): PositionStatistics[] {
  return Array.from({ length: positions }, (_, position) => {
    const at = steps.filter((_, i) => changed[i]?.includes(position));
    const seen = new Map<number, number>();
    let total = 0;
    for (const row of rows) {
      const token = row?.[position];
      if (token === undefined) continue;
      seen.set(token, (seen.get(token) ?? 0) + 1);
      total += 1;
    }
    let entropy = 0;
    for (const times of seen.values()) entropy -= (times / total) * Math.log2(times / total);
    return {
      position,
      changes: at.length,
      firstChanged: at[0] ?? null,
      lastChanged: at[at.length - 1] ?? null,
      entropy: Math.max(0, entropy),
    };
  });
}
