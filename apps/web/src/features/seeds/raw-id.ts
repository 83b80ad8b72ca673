// The id that a session document keeps: a global id without its type.

/** "U2VlZDphYmM=" (Seed:abc) -> "abc" */
export function rawId(globalId: string): string {
  const text = atob(globalId);
  return text.slice(text.indexOf(':') + 1);
}
