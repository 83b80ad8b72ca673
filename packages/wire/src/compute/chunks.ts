// A long list in parts that one request may carry.

/** In order; a part has at most `count` items and, unless it is a single item, at most `size` of `sizeOf`. */
export function chunks<T>(items: readonly T[], count: number, size: number, sizeOf: (item: T) => number): T[][] {
  const parts: T[][] = [];
  let room = 0;
  for (const item of items) {
    const part = parts.at(-1);
    room -= sizeOf(item);
    if (part && part.length < count && room >= 0) {
      part.push(item);
    } else {
      parts.push([item]);
      room = size - sizeOf(item);
    }
  }
  return parts;
}
