// Spans of GraphQL operations, for whoever registers an OpenTelemetry SDK in this process; without one they cost nothing.
// They carry names and numbers, no variables: prompts stay out of traces as they stay out of logs.
import { type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { type DocumentNode, getOperationAST } from 'graphql';

const tracer = trace.getTracer('tessera');

export interface TracedOperation {
  readonly transport: 'http' | 'websocket';
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  /** Points. */
  readonly cost: number;
}

/** Whoever begins it ends it: a subscription's with its last event. */
export function operationSpan({ transport, document, operationName, cost }: TracedOperation): Span {
  const operation = getOperationAST(document, operationName);
  const type = operation?.operation ?? 'query';
  const name = operation?.name?.value;
  return tracer.startSpan(name ? `${type} ${name}` : type, {
    kind: SpanKind.SERVER,
    attributes: {
      'graphql.operation.type': type,
      ...(name && { 'graphql.operation.name': name }),
      'tessera.transport': transport,
      'tessera.cost': cost,
    },
  });
}

/** The answer had errors; `code` is the first one's. */
export function failed(span: Span | undefined, code: unknown): void {
  span?.setAttribute('tessera.error', String(code));
  span?.setStatus({ code: SpanStatusCode.ERROR });
}
