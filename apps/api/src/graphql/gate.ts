// The one way in for documents, on HTTP and WebSocket alike: known by hash, small, flat, valid and cheap enough, in this order.
import { createHash } from 'node:crypto';
import type { ErrorCode, Limits } from '@tessera/protocol';
import { type DocumentNode, GraphQLError, type GraphQLSchema, getOperationAST, parse, validate } from 'graphql';
import { LRUCache } from 'lru-cache';
import { shapeOf } from './shape.ts';

/** What clients send, besides operation name and variables checked as such. */
export interface GateRequest {
  readonly query?: string | null | undefined;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

export type Passage =
  | { readonly ok: true; readonly query: string; readonly document: DocumentNode; readonly cost: number }
  | { readonly ok: false; readonly errors: readonly [GraphQLError, ...GraphQLError[]] };

export interface GateOptions {
  readonly schema: GraphQLSchema;
  readonly limits: Limits;
  /** Points of an operation with its variables. */
  readonly cost: (
    document: DocumentNode,
    variables: Readonly<Record<string, unknown>>,
    operationName: string | undefined,
  ) => number;
  /** The page's own documents by SHA-256 (hex) of their text. */
  readonly known: ReadonlyMap<string, string>;
}

export type Gate = (request: GateRequest, options: { readonly onlyKnown: boolean }) => Passage;

type Checked = { readonly document: DocumentNode } | { readonly errors: readonly [GraphQLError, ...GraphQLError[]] };

export function makeGate({ schema, limits, cost, known }: GateOptions): Gate {
  // What a document is does not change; what its variables cost does.
  const checked = new LRUCache<string, Checked>({
    max: 1_000,
    maxSize: 8 * 1024 * 1024,
    sizeCalculation: (_, key) => key.length + 1,
  });

  const check = (query: string): Checked => {
    const before = checked.get(query);
    if (before) return before;
    const result = checkDocument(query, schema, limits);
    checked.set(query, result);
    return result;
  };

  return (request, { onlyKnown }) => {
    const query = textOf(request, known);
    if (query === undefined)
      return refused('BAD_INPUT', 'There is no such persisted document; send its text.', 'PERSISTED_QUERY_NOT_FOUND');
    if (query === '') return refused('BAD_INPUT', 'There is no document; send its text as "query".');
    if (onlyKnown && request.query && !isKnown(query, known)) {
      return refused(
        'FORBIDDEN',
        'Only documents of the page may be sent without an account; sign in to send others, or load the page anew.',
      );
    }
    const result = check(query);
    if ('errors' in result) return { ok: false, errors: result.errors };
    const operationName = request.operationName ?? undefined;
    if (!getOperationAST(result.document, operationName)) {
      return refused('BAD_INPUT', 'There is no such operation in the document; name one of several.');
    }
    const points = costOf(cost, result.document, request.variables ?? {}, operationName);
    if (!(points <= limits.queryCost)) {
      return refused(
        'QUERY_TOO_COSTLY',
        `This operation costs ${points} points; at most ${limits.queryCost} are allowed: ask for smaller pages.`,
      );
    }
    return { ok: true, query, document: result.document, cost: points };
  };
}

function checkDocument(query: string, schema: GraphQLSchema, limits: Limits): Checked {
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens: limits.queryTokens });
  } catch (error) {
    const message = error instanceof Error ? error.message : 'The document cannot be read.';
    return refused(
      message.includes('token limit') || message.includes('tokens') ? 'QUERY_TOO_COSTLY' : 'BAD_INPUT',
      message,
    );
  }
  const shape = shapeOf(document);
  const over = (
    [
      ['levels deep', shape.depth, limits.queryDepth],
      ['aliases', shape.aliases, limits.queryAliases],
      ['directives', shape.directives, limits.queryDirectives],
    ] as const
  ).find(([, value, max]) => value > max);
  if (over) {
    const [what, value, max] = over;
    const much = Number.isFinite(value) ? `${value}` : 'endlessly many';
    return refused('QUERY_TOO_COSTLY', `The document has ${much} ${what}; at most ${max} are allowed.`);
  }
  const [first, ...rest] = validate(schema, document, undefined, { maxErrors: 10 });
  if (!first) return { document };
  return { errors: [withCode(first), ...rest.map(withCode)] };
}

function costOf(
  cost: GateOptions['cost'],
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  operationName: string | undefined,
): number {
  try {
    return cost(document, variables, operationName);
  } catch {
    // Variables of the wrong type: execution names them before any resolver runs.
    return 0;
  }
}

function textOf({ query, extensions }: GateRequest, known: ReadonlyMap<string, string>): string | undefined {
  if (query) return query;
  const persisted = extensions?.persistedQuery;
  if (typeof persisted !== 'object' || persisted === null || !('sha256Hash' in persisted)) return '';
  return known.get(String(persisted.sha256Hash));
}

const isKnown = (query: string, known: ReadonlyMap<string, string>): boolean =>
  known.has(createHash('sha256').update(query).digest('hex'));

function withCode(error: GraphQLError): GraphQLError {
  const { message, nodes } = error;
  return new GraphQLError(message, { ...(nodes && { nodes }), extensions: { code: 'BAD_INPUT' } });
}

function refused(
  code: ErrorCode,
  message: string,
  reason?: string,
): { readonly ok: false; readonly errors: readonly [GraphQLError] } {
  return { ok: false, errors: [new GraphQLError(message, { extensions: { code, ...(reason && { reason }) } })] };
}
