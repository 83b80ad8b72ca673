// A small HTTP server for operators: GET /metrics for Prometheus, GET /health for whoever restarts processes.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Database } from '@tessera/db';
import type { Registry } from 'prom-client';

export interface MetricsServer extends AsyncDisposable {
  /** Undefined where none was asked for. */
  readonly port: number | undefined;
}

/** Port 0 takes a free one; undefined serves nothing. */
export async function serveMetrics(
  port: number | undefined,
  { registry, database }: { readonly registry: Registry; readonly database: Database },
): Promise<MetricsServer> {
  if (port === undefined) return { port, [Symbol.asyncDispose]: async () => undefined };
  const server = createServer(async (request, response) => {
    if (request.url === '/metrics') {
      response.setHeader('content-type', registry.contentType);
      response.end(await registry.metrics());
    } else if (request.url === '/health') {
      const { ok } = await database.health();
      response.statusCode = ok ? 200 : 503;
      response.end(ok ? 'ok\n' : 'the database does not answer\n');
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  server.listen(port);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
