// The graphql-transport-ws protocol over our schema: the gate before every operation, our errors and the cost after it.
import { makeContext, type Viewer } from '@tessera/schema';
import { type ExecutionArgs, type FormattedExecutionResult, GraphQLError } from 'graphql';
import { makeServer, type Context as ProtocolContext, type Server, type SubscribePayload } from 'graphql-ws';
import { credentialsOfInit } from '../access/viewer.ts';
import { failed, operationSpan } from '../operations/tracing.ts';
import type { SocketServerOptions } from './options.ts';
import type { Session } from './session.ts';

type Connected = ProtocolContext<Record<string, unknown>, Session>;

export function makeProtocol(options: SocketServerOptions): Server<Session> {
  const { schema, services, limits, formatError } = options;
  /** Points of operations that have not answered yet: they go with the first answer. */
  const costs = new WeakMap<ExecutionArgs, number>();
  const spans = new WeakMap<SubscribePayload, ReturnType<typeof operationSpan>>();

  return makeServer<Record<string, unknown>, Session>({
    connectionInitWaitTimeout: limits.connectionInitSeconds * 1_000,
    onConnect: ({ extra: session, connectionParams }) => session.begin(credentialsOfInit(connectionParams)),
    onSubscribe: async (ctx, _id, payload) => {
      const session = ctx.extra;
      const viewer = session.viewer;
      if (!viewer) return [refusal('UNAUTHENTICATED', 'Nobody is signed in on this socket.')];
      const { passage, errors } = await admit(options, ctx, viewer, payload);
      if (errors) return errors;
      const args: ExecutionArgs = {
        schema,
        document: passage.document,
        operationName: payload.operationName,
        variableValues: payload.variables,
        contextValue: makeContext(services, viewer),
      };
      costs.set(args, passage.cost);
      const { document, operationName } = args;
      spans.set(payload, operationSpan({ transport: 'websocket', document, operationName, cost: passage.cost }));
      return args;
    },
    onOperation: (ctx) => {
      ctx.extra.operations = running(ctx);
    },
    onNext: (_ctx, _id, payload, args, result) => {
      const cost = costs.get(args);
      costs.delete(args);
      const { errors, extensions, data } = result;
      if (errors) failed(spans.get(payload), errors[0]?.extensions?.code);
      const formatted: FormattedExecutionResult = {
        ...(data !== undefined && { data }),
        ...(errors && { errors: errors.map(formatError) }),
        ...((extensions || cost !== undefined) && {
          extensions: { ...extensions, ...(cost !== undefined && { cost }) },
        }),
      };
      return formatted;
    },
    onError: (_ctx, _id, payload, errors) => {
      failed(spans.get(payload), errors[0]?.extensions?.code);
      spans.get(payload)?.end();
      return errors.map(formatError);
    },
    onComplete: (ctx, _id, payload) => {
      spans.get(payload)?.end();
      ctx.extra.operations = running(ctx);
    },
  });
}

const running = (ctx: Connected): number => Object.keys(ctx.subscriptions).length;

type Admission =
  | {
      readonly passage: { readonly document: ExecutionArgs['document']; readonly cost: number };
      readonly errors?: undefined;
    }
  | { readonly passage?: undefined; readonly errors: readonly GraphQLError[] };

/** Room on the socket, the rate, and the gate. */
async function admit(
  { limits, rates, gate, onlyKnown }: SocketServerOptions,
  ctx: Connected,
  viewer: Viewer,
  payload: SubscribePayload,
): Promise<Admission> {
  if (running(ctx) > limits.subscriptionsPerSocket) {
    return {
      errors: [
        refusal('QUOTA', `At most ${limits.subscriptionsPerSocket} operations run on one socket; complete one.`),
      ],
    };
  }
  try {
    await rates.request(viewer.userId, ctx.extra.address);
  } catch (error) {
    const original = error instanceof Error ? error : new Error(String(error));
    return { errors: [new GraphQLError(original.message, { originalError: original })] };
  }
  const passage = gate(payload, { onlyKnown: onlyKnown(viewer) });
  return passage.ok ? { passage } : { errors: passage.errors };
}

const refusal = (code: string, message: string) => new GraphQLError(message, { extensions: { code } });
