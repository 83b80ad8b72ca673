// Everything resolvers stand on, opened in order; what was opened is handed to `closers`, also where a later part fails.
import { openBus } from '@tessera/bus';
import { DocumentHub, PresenceHub } from '@tessera/collab';
import { type Database, openDatabase } from '@tessera/db';
import { limitsWith } from '@tessera/protocol';
import {
  authoriseDocuments,
  databaseDocumentStore,
  pictureRenderer,
  type Services,
  signedTickets,
} from '@tessera/schema';
import { computeClient } from '@tessera/wire';
import { openModelPulls } from '@tessera/worker';
import type { ServerConfig } from '../config/config.ts';
import type { Logger } from '../log.ts';
import type { Closers } from './closers.ts';
import { rememberModels } from './remember-models.ts';
import { VERSION } from './version.ts';

/** What the caller opened, and closes itself. */
export interface GivenParts {
  readonly database?: Database;
}

const DEFAULTS = { tokenizer: 'pocket-32', clip: 'pocket-clip', siglip: 'pocket-siglip' };

/**
 * @param secret 32 or more characters, the same in every process of an installation
 * @throws DataDirectoryInUseError, UnavailableError, MigrationError, BusUnavailableError
 */
export async function openServices(
  config: ServerConfig,
  secret: string,
  closers: Closers,
  log: Logger,
  { database: given }: GivenParts = {},
): Promise<Services> {
  const { databaseUrl, redisUrl, redisPrefix: prefix, dataDirectory } = config;
  const database = given ?? closers.use(await openDatabase(databaseUrl ? { url: databaseUrl } : { dataDirectory }));
  const bus = closers.use(await openBus(redisUrl ? { redisUrl, prefix } : {}));
  const store = databaseDocumentStore(database);
  const authorise = authoriseDocuments(database);
  const documents = closers.use(new DocumentHub({ store, live: bus.live, authorise }));
  const presence = closers.use(new PresenceHub({ live: bus.live, authorise }));
  const compute = rememberModels(computeClient(bus.calls), database, log);
  // Over Redis there may be workers on other machines, with models of their own.
  const modelPulls = config.worker && !redisUrl ? closers.use(openModelPulls(log)) : undefined;
  return {
    database,
    bus,
    documents,
    presence,
    compute,
    limits: limitsWith(config.limits),
    tickets: signedTickets(new TextEncoder().encode(secret)),
    pictures: pictureRenderer({ database, compute }),
    studio: { version: VERSION, accounts: config.accounts, defaults: DEFAULTS },
    ...(modelPulls && { modelPulls }),
  };
}
