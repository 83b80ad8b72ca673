// The texts that the page sends, by their SHA-256: made by the same functions that make them in the browser.
import { createHash } from 'node:crypto';
import { formatDocument, stringifyDocument, type TypedDocumentNode } from '@urql/core';
import { initGraphQLTada } from 'gql.tada';
import type { DocumentNode } from 'graphql';
import { type DocumentCall, documentCalls } from './calls.ts';

/** Untyped: the types are checked where the documents are written. */
const graphql = initGraphQLTada() as unknown as (text: string, fragments: readonly Document[]) => Document;
type Document = DocumentNode & TypedDocumentNode;

const documentOf = ({ text, fragments }: DocumentCall): DocumentNode => graphql(text, fragments.map(documentOf));

/** SHA-256 (hex) to text, of every operation under a folder. @throws UnreadableDocumentError */
export function manifestOf(folder: string): Readonly<Record<string, string>> {
  const manifest: Record<string, string> = {};
  for (const call of documentCalls(folder)) {
    if (call.text.trimStart().startsWith('fragment')) continue;
    // The client asks for `__typename` everywhere, `follow` and `sendOverSocket` for what is written.
    const document = documentOf(call);
    for (const text of [stringifyDocument(formatDocument(document) as DocumentNode), stringifyDocument(document)]) {
      manifest[createHash('sha256').update(text).digest('hex')] = text;
    }
  }
  return manifest;
}
