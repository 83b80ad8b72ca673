// What the socket server stands on.
import type { Limits } from '@tessera/protocol';
import type { Services, Viewer } from '@tessera/schema';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { Origins } from '../access/origins.ts';
import type { RateLimits } from '../access/rate-limits.ts';
import type { Credentials, Identity } from '../access/viewer.ts';
import type { Gate } from '../graphql/gate.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../operations/metrics.ts';

export interface SocketServerOptions {
  readonly schema: GraphQLSchema;
  readonly services: Services;
  readonly limits: Limits;
  readonly gate: Gate;
  /** @throws for credentials that open nothing */
  readonly identify: (credentials: Credentials) => Promise<Identity>;
  /** Whether the viewer may send only the page's documents. */
  readonly onlyKnown: (viewer: Viewer) => boolean;
  readonly origins: Origins;
  readonly rates: RateLimits;
  readonly formatError: (error: unknown) => GraphQLFormattedError;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly trustProxy: boolean;
  /** How long a link may leave a ping unanswered; 60 s by default. */
  readonly heartbeatMs?: number;
}
