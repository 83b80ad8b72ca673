// Outputs of a graph by name, checked for their type.
import type { Tensor } from '@tessera/runtime';

/** A float32 output by name. */
export function floats(outputs: Record<string, Tensor>, name: string): Float32Array {
  const found = outputs[name];
  if (found?.dtype !== 'float32') throw new TypeError(`The graph gave no float32 output named ${name}.`);
  return found.data;
}

/** A uint8 output by name. */
export function bytes(outputs: Record<string, Tensor>, name: string): Uint8Array {
  const found = outputs[name];
  if (found?.dtype !== 'uint8') throw new TypeError(`The graph gave no uint8 output named ${name}.`);
  return found.data;
}
