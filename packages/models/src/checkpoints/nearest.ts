// The names most like a misspelt one, for error messages.

/** Levenshtein distance between two short names, by units; stops counting at `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    if (Math.min(...row) >= limit) return limit;
    previous = row;
  }
  return previous[b.length] ?? limit;
}

/** Up to `count` of `names`, most similar to `name` first. Looks at 5,000 names of 200 units at most. */
export function nearestNames(name: string, names: Iterable<string>, count = 3): string[] {
  const wanted = name.slice(0, 200);
  const scored: { name: string; score: number }[] = [];
  for (const candidate of names) {
    if (scored.length === 5_000) break;
    scored.push({ name: candidate, score: distance(wanted, candidate.slice(0, 200), 24) });
  }
  return scored
    .sort((a, b) => a.score - b.score)
    .slice(0, count)
    .map((s) => s.name);
}
