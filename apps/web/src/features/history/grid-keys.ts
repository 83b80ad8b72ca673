// Where the arrow keys lead in a grid.

/** The next index; null for keys that do not move. */
export function moveActive(key: string, active: number, columns: number, count: number): number | null {
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: active - 1,
    ArrowRight: active + 1,
    ArrowUp: active - columns,
    ArrowDown: active + columns,
    PageUp: active - 4 * columns,
    PageDown: active + 4 * columns,
    Home: 0,
    End: count - 1,
  };
  const next = moves[key];
  if (next === undefined || count === 0) return null;
  return Math.min(count - 1, Math.max(0, next));
}
