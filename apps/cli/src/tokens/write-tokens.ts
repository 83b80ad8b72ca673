// Token files out: NumPy archive, safetensors or JSON.
import { encodeNpz, type NdArray } from '@tessera/media';
import { writeSafetensors } from '@tessera/models';
import type { HistoryFormat } from './formats.ts';
import type { Arrays, TokenTable } from './history.ts';

export function encodeTokens({ facts, arrays }: TokenTable, format: HistoryFormat): Uint8Array {
  const json = JSON.stringify(facts);
  switch (format) {
    case 'npz': {
      const metadata = new TextEncoder().encode(json);
      const named = Object.entries(arrays).map(([name, array]) => [name, ndArray(array)]);
      return encodeNpz({
        ...Object.fromEntries(named),
        metadata: { dtype: 'uint8', shape: [metadata.length], data: metadata },
      });
    }
    case 'safetensors':
      return writeSafetensors(arrays, { format: facts.format, metadata: json });
    case 'json': {
      const nested = Object.entries(arrays).map(([name, { shape, data }]) => [
        name,
        nest(Array.from(data), shape.slice(1)),
      ]);
      return new TextEncoder().encode(`${JSON.stringify({ ...facts, ...Object.fromEntries(nested) })}\n`);
    }
  }
}

function ndArray({ shape, data }: Arrays[string]): NdArray {
  if (data instanceof Float32Array) return { dtype: 'float32', shape, data };
  return data instanceof Int32Array ? { dtype: 'int32', shape, data } : { dtype: 'uint16', shape, data };
}

/** A flat list as lists in lists; numbers that JSON lacks become null. */
function nest(flat: readonly number[], inner: readonly number[]): unknown[] {
  if (inner.length === 0) return flat.map((x) => (Number.isFinite(x) ? x : null));
  const size = inner.reduce((a, b) => a * b, 1);
  return Array.from({ length: flat.length / size }, (_, i) =>
    nest(flat.slice(i * size, (i + 1) * size), inner.slice(1)),
  );
}
