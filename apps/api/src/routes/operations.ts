// GET /healthz (the process lives), /readyz (it can serve), /metrics (for Prometheus: this machine, or with a token).
import { timingSafeEqual } from 'node:crypto';
import type { Database } from '@tessera/db';
import { Router } from 'express';
import type { Registry } from 'prom-client';
import { isLoopback } from '../config/loopback.ts';
import { answerError } from './errors.ts';

export interface OperationRoutesOptions {
  readonly database: Database;
  readonly registry: Registry;
  readonly metricsToken: string | undefined;
  /** Behind a proxy every request comes from loopback: then only the token counts. */
  readonly trustProxy: boolean;
  /** False while the server shuts down. */
  readonly serving: () => boolean;
}

export function operationRoutes({
  database,
  registry,
  metricsToken,
  trustProxy,
  serving,
}: OperationRoutesOptions): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => void res.json({ ok: true }));
  router.get('/readyz', async (_req, res) => {
    const { ok, milliseconds } = await database.health();
    const ready = ok && serving();
    res.status(ready ? 200 : 503).json({ ok: ready, database: ok, milliseconds: Math.round(milliseconds) });
  });
  router.get('/metrics', async (req, res) => {
    const bearer = /^Bearer\s+(\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
    const byToken = metricsToken !== undefined && bearer !== undefined && sameText(bearer, metricsToken);
    const local = !trustProxy && metricsToken === undefined && isLoopback(req.socket.remoteAddress ?? '');
    if (!byToken && !local)
      return answerError(res, 'FORBIDDEN', 'Metrics are for this machine, or with TESSERA_METRICS_TOKEN.');
    res.setHeader('content-type', registry.contentType);
    res.send(await registry.metrics());
  });
  return router;
}

/** Takes the same time wherever the first difference is. */
function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
