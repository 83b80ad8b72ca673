// A live change of a running run in words.

/** What a live change did, in a line. */
export function describeChange(change: unknown): string {
  if (typeof change !== 'object' || change === null) return 'Changed while running';
  const parts = Object.entries(change).flatMap(([key, value]): string[] => {
    if (value === null || value === undefined) return [];
    if (key === 'objectives' && Array.isArray(value)) {
      return value.map(({ index, ...fields }) => `objective ${Number(index) + 1} ${describeFields(fields)}`);
    }
    if (key === 'lockedPositions' && Array.isArray(value)) {
      return [value.length > 0 ? `locked tokens ${value.join(' ')}` : 'all tokens free'];
    }
    return [typeof value === 'object' ? `${key} ${describeFields(value)}` : `${key} ${String(value)}`];
  });
  return parts.length > 0 ? `Set ${parts.join(', ')}` : 'Changed while running';
}

function describeFields(fields: object): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => `${key} ${typeof value === 'string' ? `“${value}”` : String(value)}`)
    .join(', ');
}
