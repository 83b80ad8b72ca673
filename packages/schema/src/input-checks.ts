// Checks of what comes in, before anything is read or changed. Every error names its field and what would be right.
import { decodeGlobalID, encodeGlobalID } from '@pothos/plugin-relay';
import { BadInputError } from './errors.ts';

/** Types whose objects have global ids. */
export type NodeName =
  | 'User'
  | 'Workspace'
  | 'Session'
  | 'Invitation'
  | 'ShareLink'
  | 'Seed'
  | 'Mask'
  | 'Comment'
  | 'Run'
  | 'Sweep'
  | 'Upload';

/** The id inside a global id. @throws BadInputError naming the type that is needed */
export function idOf(type: NodeName, value: string, field: string): string {
  let decoded: { readonly typename: string; readonly id: string };
  try {
    decoded = decodeGlobalID(value);
  } catch {
    throw new BadInputError(field, `is no id; the id of a ${type} is needed.`);
  }
  if (decoded.typename !== type)
    throw new BadInputError(field, `is no id of a ${type}; take the one that its \`id\` gives.`);
  if (!/^[\x21-\x7e]{1,64}$/.test(decoded.id)) throw new BadInputError(field, `is no id of a ${type}.`);
  return decoded.id;
}

/** The same where the field may be left out. */
export function optionalId(type: NodeName, value: string | null | undefined, field: string): string | undefined {
  return value === null || value === undefined ? undefined : idOf(type, value, field);
}

export const globalId = (type: NodeName, id: string): string => encodeGlobalID(type, id);

/** Control characters other than line breaks and tabs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: naming them is the point
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/** Text of several lines, as it came. @throws BadInputError */
export function checkText(field: string, value: string, max: number): string {
  if (value.length > max) throw new BadInputError(field, `has ${value.length} characters; at most ${max} are taken.`);
  if (CONTROL.test(value)) throw new BadInputError(field, 'contains control characters; plain text is needed.');
  if (/\p{Surrogate}/u.test(value)) throw new BadInputError(field, 'contains half characters; plain text is needed.');
  return value;
}

/** One line with something in it, trimmed. @throws BadInputError */
export function checkLine(field: string, value: string, max: number): string {
  const line = checkText(field, value, max).trim();
  if (line === '') throw new BadInputError(field, 'is empty; give it a text.');
  if (/[\n\r\t]/.test(line)) throw new BadInputError(field, 'has several lines; one line is needed.');
  return line;
}

/** @throws BadInputError for NaN, infinity and what is outside */
export function checkNumber(field: string, value: number, min: number, max: number): number {
  if (!(value >= min && value <= max)) throw new BadInputError(field, `is ${value}; it must be from ${min} to ${max}.`);
  return value;
}

/** @throws BadInputError for what is no whole number of the range */
export function checkWhole(field: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value)) throw new BadInputError(field, `is ${value}; it must be a whole number.`);
  return checkNumber(field, value, min, max);
}

/** The one field that was given. @throws BadInputError where it is none, or more than one */
export function exactlyOne<T extends object, K extends keyof T & string>(
  field: string,
  value: T,
  keys: readonly K[],
): K {
  const given = keys.filter((key) => value[key] !== null && value[key] !== undefined);
  const [only] = given;
  if (only === undefined || given.length > 1) {
    throw new BadInputError(field, `needs exactly one of ${keys.join(', ')}; ${given.length} were given.`);
  }
  return only;
}

/** Without the fields that are null or absent: an absent field stays as it is. */
export function given<T extends object>(value: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const entries = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: NonNullable<T[K]> };
}
