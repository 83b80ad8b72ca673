// Copied tokens: kept in the page, and written to the clipboard as JSON so that another tab or a notebook can take them.
import { create } from 'zustand';
import type { PlacedToken } from './stone.ts';

export interface CopiedTokens {
  readonly tokenizer: string;
  readonly tokens: readonly PlacedToken[];
}

export const useCopied = create<{ readonly copied: CopiedTokens | null }>(() => ({ copied: null }));

export async function copyTokens(copied: CopiedTokens): Promise<void> {
  useCopied.setState({ copied });
  // Without the permission the page's own copy is enough here.
  await navigator.clipboard?.writeText(JSON.stringify(copied)).catch(() => {});
}

/** What was copied in another tab, else what was copied here. */
export async function readCopied(): Promise<CopiedTokens | null> {
  const text = await navigator.clipboard?.readText?.().catch(() => '');
  return parseCopied(text ?? '') ?? useCopied.getState().copied;
}

/** Null where the text holds no tokens. */
export function parseCopied(text: string): CopiedTokens | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('tokenizer' in value) || !('tokens' in value)) return null;
    const { tokenizer, tokens } = value;
    if (typeof tokenizer !== 'string' || !Array.isArray(tokens) || !tokens.every(isPlaced)) return null;
    return { tokenizer, tokens };
  } catch {
    return null;
  }
}

function isPlaced(value: unknown): value is PlacedToken {
  if (typeof value !== 'object' || value === null || !('position' in value) || !('token' in value)) return false;
  return Number.isInteger(value.position) && Number.isInteger(value.token);
}

/**
 * Where copied tokens go: into the selected positions where there are as many, else to the positions they came from.
 * Locked positions keep what they have.
 */
export function pastedTokens(
  copied: readonly PlacedToken[],
  selected: readonly number[],
  locked: ReadonlySet<number>,
): PlacedToken[] {
  const into = selected.length === copied.length ? selected : copied.map(({ position }) => position);
  return copied
    .map(({ token }, i) => ({ position: into[i] ?? 0, token }))
    .filter(({ position }) => !locked.has(position));
}
