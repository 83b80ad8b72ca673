// A change of plain text as one splice, and places in a text that others change meanwhile.

export interface Splice {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

/** One part of a Yjs text delta. */
export interface DeltaPart {
  readonly retain?: number;
  readonly insert?: unknown;
  readonly delete?: number;
}

/** The smallest single splice from one text to the other. */
export function spliceBetween(before: string, after: string): Splice {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { at: start, remove: before.length - start - end, insert: after.slice(start, after.length - end) };
}

export function applySplice(text: string, { at, remove, insert }: Splice): string {
  return text.slice(0, at) + insert + text.slice(at + remove);
}

/** Where a place in the text is after somebody else's change. What is typed exactly there goes behind it. */
export function moveThrough(place: number, delta: readonly DeltaPart[]): number {
  let at = 0;
  let moved = place;
  for (const part of delta) {
    if (at > moved) break;
    if (part.retain !== undefined) at += part.retain;
    else if (typeof part.insert === 'string') {
      if (at < moved) moved += part.insert.length;
      at += part.insert.length;
    } else if (part.delete !== undefined) moved -= Math.min(part.delete, moved - at);
  }
  return moved;
}

/** A splice that was made on the text before somebody else's change, for the text after it. */
export function spliceThrough({ at, remove, insert }: Splice, delta: readonly DeltaPart[]): Splice {
  const start = moveThrough(at, delta);
  const end = moveThrough(at + remove, delta);
  return { at: start, remove: Math.max(0, end - start), insert };
}
