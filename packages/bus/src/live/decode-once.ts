// Decodes a payload once, however many subscribers receive it.

/**
 * `decode` with a memory per payload: subscribers of one topic are handed the same bytes object, so that parsing, base64
 * and the like happen once a process. Forgotten together with the bytes.
 */
export function decodeOnce<T>(decode: (data: Uint8Array) => T): (data: Uint8Array) => T {
  const known = new WeakMap<Uint8Array, { readonly value: T }>();
  return (data) => {
    const found = known.get(data);
    if (found) return found.value;
    const value = decode(data);
    known.set(data, { value });
    return value;
  };
}
