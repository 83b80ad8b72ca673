// The HTTP side as one list, in the order in which a request meets it.
import { randomUUID } from 'node:crypto';
import type { Services } from '@tessera/schema';
import express, { type Express, type RequestHandler, type Router } from 'express';
import expressStaticGzip from 'express-static-gzip';
import { OriginError } from '../access/errors.ts';
import type { Origins } from '../access/origins.ts';
import type { ServerConfig } from '../config/config.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../operations/metrics.ts';
import { answerError, errorHandler } from '../routes/errors.ts';
import { explorerRoutes } from '../routes/explorer.ts';
import { exportRoutes } from '../routes/exports.ts';
import { operationRoutes } from '../routes/operations.ts';
import { pictureRoutes } from '../routes/pictures.ts';
import { securityHeaders } from '../routes/security-headers.ts';
import { uploadRoutes } from '../routes/uploads.ts';
import type { MountedPage } from './page.ts';

export interface AppOptions {
  readonly config: ServerConfig;
  readonly services: Services;
  readonly origins: Origins;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly graphql: Router;
  /** Accounts; absent in local mode. */
  readonly accounts: RequestHandler | undefined;
  /** The page; absent where it is served elsewhere. */
  readonly page: MountedPage | undefined;
  readonly serving: () => boolean;
}

export function makeApp(options: AppOptions): Express {
  const { config, services, metrics, log, graphql, accounts, page, serving } = options;
  const { database, limits, tickets, pictures } = services;
  const { metricsToken, trustProxy, development } = config;
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(record(log, metrics));
  app.use(securityHeaders({ development }));
  app.use(sameOrigin(options.origins));
  app.use(operationRoutes({ database, registry: metrics.registry, metricsToken, trustProxy, serving }));
  if (accounts) app.use('/api/auth', accounts);
  app.use('/uploads', uploadRoutes({ database, limits }));
  app.use('/pictures', pictureRoutes({ tickets, pictures }));
  app.use('/exports', exportRoutes(services));
  if (config.explorer) app.use('/explorer', explorerRoutes('/explorer/'));
  app.use('/graphql', graphql);
  if (page?.statics) app.use('/_next/static', statics(page.statics));
  if (page) app.use(page.handler);
  else app.use((_req, res) => answerError(res, 'NOT_FOUND', 'There is nothing at this address.'));
  app.use(errorHandler(log));
  return app;
}

/** What the page's build made, compressed beforehand; names change with what is in them. */
const statics = (folder: string): RequestHandler =>
  expressStaticGzip(folder, {
    enableBrotli: true,
    orderPreference: ['br', 'gz'],
    index: false,
    serveStatic: { immutable: true, maxAge: '1y' },
  });

/** Requests that another page makes a browser send, or that come under a foreign name, end here. */
function sameOrigin(origins: Origins): RequestHandler {
  return (req, _res, next) => {
    const { origin, host } = req.headers;
    if (!origins.allowsHost(host)) throw new OriginError(`The name ${String(host).slice(0, 100)}`);
    if (!origins.allowsOrigin(origin)) throw new OriginError(`Pages of ${String(origin).slice(0, 100)}`);
    next();
  };
}

/** A request id in the answer and in the log line; the path without what may be a secret. */
function record(log: Logger, metrics: Metrics): RequestHandler {
  return (req, res, next) => {
    const id = randomUUID();
    const start = performance.now();
    res.setHeader('x-request-id', id);
    res.once('close', () => {
      const seconds = (performance.now() - start) / 1_000;
      const kind = kindOf(req.path);
      metrics.requests.observe({ kind, outcome: `${Math.floor(res.statusCode / 100)}xx` }, seconds);
      const level = res.statusCode >= 500 ? 'warn' : 'debug';
      log[level]({ id, method: req.method, kind, status: res.statusCode, ms: Math.round(seconds * 1_000) }, 'request');
    });
    next();
  };
}

const KINDS = ['graphql', 'uploads', 'pictures', 'exports', 'explorer', 'healthz', 'readyz', 'metrics', 'api'];

function kindOf(path: string): string {
  const first = path.split('/')[1] ?? '';
  return KINDS.includes(first) ? first : 'page';
}
