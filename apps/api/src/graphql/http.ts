// GraphQL over HTTP: Apollo behind the same gate that sockets pass.
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import { ERROR_CODES } from '@tessera/protocol';
import { type Context, makeContext, type Services, type Viewer } from '@tessera/schema';
import { json, type Request, type RequestHandler, type Response, Router } from 'express';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { addressOf } from '../access/address.ts';
import { RateLimitedError } from '../access/errors.ts';
import type { RateLimits } from '../access/rate-limits.ts';
import { type Credentials, credentialsOfHeaders, type Identity } from '../access/viewer.ts';
import { failed, operationSpan } from '../operations/tracing.ts';
import type { Gate, GateRequest } from './gate.ts';

export interface GraphQLHttpOptions {
  readonly schema: GraphQLSchema;
  readonly services: Services;
  readonly gate: Gate;
  readonly rates: RateLimits;
  readonly identify: (credentials: Credentials) => Promise<Identity>;
  readonly onlyKnown: (viewer: Viewer) => boolean;
  readonly formatError: (error: unknown) => GraphQLFormattedError;
  readonly trustProxy: boolean;
}

interface HttpContext extends Context {
  readonly cost: number;
}

export async function graphqlOverHttp(
  options: GraphQLHttpOptions,
): Promise<{ readonly router: Router; stop(): Promise<void> }> {
  const { schema, services, formatError } = options;
  const apollo = new ApolloServer<HttpContext>({
    schema,
    formatError: (_formatted, error) => withOurCode(formatError(error)),
    introspection: true,
    csrfPrevention: true,
    // The gate knows the page's documents; nobody else's are kept.
    persistedQueries: false,
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    plugins: [costInExtensions, spans],
  });
  await apollo.start();
  const router = Router();
  router.use(json({ limit: services.limits.requestBytes }), admit(options));
  router.use(
    expressMiddleware(apollo, {
      context: async ({ res }) => ({ ...makeContext(services, admitted(res).viewer), cost: admitted(res).cost }),
    }),
  );
  return { router, stop: () => apollo.stop() };
}

const costInExtensions: ApolloServerPlugin<HttpContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response: { body }, contextValue: { cost } }) {
        if (body.kind === 'single') body.singleResult.extensions = { ...body.singleResult.extensions, cost };
      },
    };
  },
};

const spans: ApolloServerPlugin<HttpContext> = {
  async requestDidStart() {
    let span: ReturnType<typeof operationSpan> | undefined;
    return {
      async didResolveOperation({ document, operationName, contextValue: { cost } }) {
        span = operationSpan({ transport: 'http', document, operationName, cost });
      },
      async willSendResponse({ response: { body } }) {
        const [first] = (body.kind === 'single' && body.singleResult.errors) || [];
        if (first) failed(span, first.extensions?.code);
        span?.end();
      },
    };
  },
};

/** Apollo has codes of its own for what cannot be executed. */
function withOurCode(error: GraphQLFormattedError): GraphQLFormattedError {
  const code = String(error.extensions?.code);
  return code in ERROR_CODES ? error : { ...error, extensions: { code: 'BAD_INPUT' } };
}

interface Admitted {
  readonly viewer: Viewer;
  readonly cost: number;
}

const admissions = new WeakMap<Response, Admitted>();

function admitted(res: Response): Admitted {
  const found = admissions.get(res);
  if (!found) throw new Error('A GraphQL request went past the gate.');
  return found;
}

/** Who asks, how often, and what: everything that is refused is refused here, before Apollo sees it. */
function admit({ identify, rates, gate, onlyKnown, formatError, trustProxy }: GraphQLHttpOptions): RequestHandler {
  return async (req, res, next) => {
    try {
      const { viewer } = await identify(credentialsOfHeaders(req.headers));
      await rates.request(viewer.userId, addressOf(req, trustProxy));
      const request = requestOf(req);
      const passage = gate(request, { onlyKnown: onlyKnown(viewer) });
      if (!passage.ok) return void answer(res, 400, passage.errors.map(formatError));
      admissions.set(res, { viewer, cost: passage.cost });
      const { operationName, variables } = request;
      const rest = { ...(operationName && { operationName }), ...(variables && { variables }) };
      if (req.method === 'POST') req.body = { query: passage.query, ...rest };
      next();
    } catch (error) {
      if (error instanceof RateLimitedError) res.setHeader('retry-after', error.seconds);
      const original = error instanceof Error ? error : new Error(String(error));
      const formatted = formatError(new GraphQLError(original.message, { originalError: original }));
      answer(res, statusOf(formatted), [formatted]);
    }
  };
}

/** The parts of a request; what has another type is as if it were not there, and Apollo says so where it is needed. */
function requestOf(req: Request): GateRequest {
  const from: unknown = req.method === 'POST' ? req.body : req.query;
  if (typeof from !== 'object' || from === null || Array.isArray(from)) return {};
  const { query, operationName, variables, extensions } = from as Readonly<Record<string, unknown>>;
  return {
    ...(typeof query === 'string' && { query }),
    ...(typeof operationName === 'string' && { operationName }),
    ...(record(variables) && { variables: record(variables) }),
    ...(record(extensions) && { extensions: record(extensions) }),
  };
}

/** An object, or the JSON of one, as GET sends it. */
function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  if (typeof value !== 'string') return undefined;
  try {
    return record(JSON.parse(value));
  } catch {
    return undefined;
  }
}

const STATUS: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
};

const statusOf = ({ extensions }: GraphQLFormattedError): number => STATUS[String(extensions?.code)] ?? 400;

function answer(res: Response, status: number, errors: readonly GraphQLFormattedError[]): void {
  res.status(status).type('application/json').send(JSON.stringify({ errors }));
}
