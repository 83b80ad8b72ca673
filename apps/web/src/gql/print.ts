// The text of a document, printed once.
import { stringifyDocument } from '@urql/core';
import type { DocumentNode } from 'graphql';

const printed = new WeakMap<object, string>();

export function print(document: object): string {
  const known = printed.get(document);
  if (known !== undefined) return known;
  const text = stringifyDocument(document as DocumentNode);
  printed.set(document, text);
  return text;
}
