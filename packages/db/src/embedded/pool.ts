// The one connection to the embedded database, kept for good.
import pg from 'pg';

/**
 * pg's own `pool.query` closes its connection after every statement that the database refuses. A server with many
 * connections does not mind; here the next statement would meet a socket that is still closing.
 */
export class OneConnectionPool extends pg.Pool {
  constructor(host: string) {
    super({ host, user: 'postgres', database: 'postgres', max: 1, idleTimeoutMillis: 0 });
    this.query = (async (text: string | pg.QueryConfig, values?: unknown[]) => {
      const client = await this.connect();
      // A connection that breaks rejects the query below; the event must only have a listener.
      const ignore = () => undefined;
      client.on('error', ignore);
      try {
        return await client.query(text, values);
      } finally {
        client.off('error', ignore);
        client.release();
      }
    }) as pg.Pool['query'];
  }
}
