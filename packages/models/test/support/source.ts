// A byte source that counts what is read from it, to show that a reader's cost is bounded by the file.
import { type ByteSource, memorySource } from '../../src/checkpoints/byte-source.ts';

export function countingSource(bytes: Uint8Array): {
  source: ByteSource;
  counts: { read: number; largest: number; closed: number };
} {
  const counts = { read: 0, largest: 0, closed: 0 };
  const inner = memorySource(bytes, 'mutant');
  const source: ByteSource = {
    ...inner,
    read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > inner.size)
        throw new Error(`read of ${offset}+${length} outside ${inner.size} bytes`);
      counts.read += length;
      counts.largest = Math.max(counts.largest, length);
      return inner.read(offset, length);
    },
    close: () => void counts.closed++,
  };
  return { source, counts };
}
