// The shared document names rows by their own ids, GraphQL by global ones (Relay: base64 of `Type:id`).

/** The row's id inside a global id. */
export function rowId(globalId: string): string {
  const text = atob(globalId);
  return text.slice(text.indexOf(':') + 1);
}

export function globalId(type: 'Seed' | 'Run' | 'Session', row: string): string {
  return btoa(`${type}:${row}`);
}
