// Checks of values from outside before they reach a statement, and the hash of an input.
import { createHash } from 'node:crypto';
import { LIMITS } from '@tessera/protocol';
import { InputError } from './errors.ts';

/** Trimmed text. @throws InputError when it is empty, too long, or PostgreSQL cannot hold it */
export function checkText(field: string, value: string, max: number): string {
  const text = value.trim();
  if (text === '') throw new InputError(field, 'is empty');
  if (text.length > max) throw new InputError(field, `has ${text.length} characters; at most ${max} are kept`);
  if (text.includes('\0') || /\p{Surrogate}/u.test(text))
    throw new InputError(field, 'holds characters that are no text');
  return text;
}

export const checkName = (value: string): string => checkText('name', value, LIMITS.nameCharacters.value);

/** Unique tags in lower case. @throws InputError */
export function checkTags(tags: readonly string[]): string[] {
  const unique = [...new Set(tags.map((tag) => checkText('tags', tag, LIMITS.tagCharacters.value).toLowerCase()))];
  if (unique.length > LIMITS.tagsPerItem.value) {
    throw new InputError('tags', `are ${unique.length}; at most ${LIMITS.tagsPerItem.value} are kept`);
  }
  return unique;
}

/** @throws InputError when the value is no whole number in the range */
export function checkInteger(field: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new InputError(field, `is ${value}; it must be a whole number from ${min} to ${max}`);
  }
  return value;
}

/** SHA-256 of a value as JSON with sorted keys: the same input hashes the same however it was written. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner instanceof Uint8Array) return Buffer.from(inner).toString('base64');
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** SHA-256 of a secret token: what is stored of it. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');
