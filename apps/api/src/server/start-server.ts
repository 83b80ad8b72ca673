// Puts a server together: services, access, GraphQL on both transports, routes, page, worker; and takes it apart again.
import { createServer, type Server } from 'node:http';
import { errorFormatter, type Services, schema, type Viewer } from '@tessera/schema';
import { openAccess } from '../access/open-access.ts';
import { originsOf } from '../access/origins.ts';
import { makeRateLimits } from '../access/rate-limits.ts';
import type { ServerConfig } from '../config/config.ts';
import { ConfigError } from '../config/errors.ts';
import { secretOf } from '../config/secret.ts';
import { cost } from '../graphql/cost.ts';
import { makeGate } from '../graphql/gate.ts';
import { graphqlOverHttp } from '../graphql/http.ts';
import { readKnownDocuments } from '../graphql/known-documents.ts';
import type { Logger } from '../log.ts';
import { makeMetrics, watch } from '../operations/metrics.ts';
import { Closers } from '../services/closers.ts';
import { type GivenParts, openServices } from '../services/open-services.ts';
import { openSocketServer } from '../sockets/socket-server.ts';
import { makeApp } from './app.ts';
import { holdRequests } from './early-requests.ts';
import { listen } from './listen.ts';
import { documentsOfPage, mountPage } from './page.ts';
import { warm } from './warm.ts';
import { embedWorker } from './worker.ts';

export interface RunningServer extends AsyncDisposable {
  /** Where people open it: `http://localhost:3000`. */
  readonly address: string;
  readonly port: number;
  readonly services: Services;
  /** Finishes what is under way, hands leases back, closes sockets with 1001 and everything else after them. */
  close(): Promise<void>;
}

/** @throws ConfigError, ListenError, and what opening the services throws; nothing stays open then */
export async function startServer(config: ServerConfig, log: Logger, given: GivenParts = {}): Promise<RunningServer> {
  const closers = new Closers();
  try {
    return await assemble(config, log, closers, given);
  } catch (error) {
    await closers.close().catch((failed: unknown) => log.error({ err: failed }, 'closing failed'));
    throw error;
  }
}

async function assemble(
  config: ServerConfig,
  log: Logger,
  closers: Closers,
  given: GivenParts,
): Promise<RunningServer> {
  const { host, port: wanted, trustProxy, redisUrl, redisPrefix } = config;
  let serving = true;
  // Listening comes first: a taken port is told before a database is opened.
  const server = createServer();
  const early = holdRequests(server);
  const port = await listen(server, host, wanted);
  closers.add(() => closeServer(server));
  const origins = originsOf(config, port);

  const secret = secretOf(config);
  const services = await openServices(config, secret, closers, log, given);
  const { database, bus, limits } = services;
  const metrics = makeMetrics();
  const rates = makeRateLimits({ limits, ...(redisUrl && { redis: { url: redisUrl, prefix: redisPrefix } }) });
  closers.use(rates);
  const origin = config.origins[0] ?? `http://localhost:${port}`;
  const access = await openAccess({ config, secret, database, rates, log, origin });
  const known = await openKnownDocuments(config);
  const gate = makeGate({ schema, limits, cost, known });
  const formatError = errorFormatter((id, error) => log.error({ id, err: error }, 'an operation failed'));
  const onlyKnown = (viewer: Viewer) => config.documents === 'known' && viewer.kind !== 'account';
  const shared = {
    schema,
    services,
    limits,
    gate,
    rates,
    identify: access.identify,
    onlyKnown,
    formatError,
    trustProxy,
  };

  const worker = config.worker
    ? await embedWorker({ devices: config.devices, services, registry: metrics.registry, log })
    : undefined;
  if (worker) closers.add(() => worker.close());
  const graphql = await graphqlOverHttp(shared);
  closers.add(graphql.stop);
  const page = config.page ? await mountPage({ dev: config.development }) : undefined;
  if (page) closers.add(() => page.close());
  const sockets = closers.use(openSocketServer({ ...shared, origins, metrics, log }));
  watch(metrics, { database, bus, sockets });

  const { router } = graphql;
  const app = makeApp({
    config,
    services,
    origins,
    metrics,
    log,
    graphql: router,
    accounts: access.handler,
    page,
    serving: () => serving,
  });
  early.release(app);
  server.on('upgrade', (request, socket, head) => {
    if (request.url?.split('?')[0] === '/graphql') return sockets.upgrade(request, socket, head);
    // The page's own, which it takes itself, while it is developed.
    if (!page) socket.destroy();
  });

  if (page && !config.development) {
    await warm({ address: host, port, host: new URL(origin).host, models: worker?.warm, log });
  }

  const close = () => {
    serving = false;
    return closers.close();
  };
  return { address: `http://localhost:${port}`, port, services, close, [Symbol.asyncDispose]: close };
}

/** Those of the setting, else of the page that is served here. @throws ConfigError where only known ones are taken and there are none */
async function openKnownDocuments({ documents, documentsFile, page, development }: ServerConfig) {
  const file = documentsFile ?? (page && !development ? await documentsOfPage() : undefined);
  const known = await readKnownDocuments(file);
  if (documents === 'known' && known.size === 0) {
    throw new ConfigError(
      'TESSERA_DOCUMENTS',
      'only known documents are to be taken, and there are none; build the page, or set TESSERA_DOCUMENTS_FILE.',
    );
  }
  return known;
}

/** Takes no more requests and waits for those under way, for a while. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), 5_000);
  await closed;
  clearTimeout(timer);
}
