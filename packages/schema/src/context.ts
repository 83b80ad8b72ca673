// What resolvers stand on: the services of a server process, and who asks.
import type { Bus } from '@tessera/bus';
import type { DocumentHub, PresenceHub } from '@tessera/collab';
import type { Database } from '@tessera/db';
import type { Limits, ShareAccess } from '@tessera/protocol';
import type { Compute, ModelPulls } from '@tessera/wire';
import { Loads } from './loads.ts';
import type { PictureRenderer } from './pictures/render.ts';
import type { Tickets } from './tickets.ts';

/** One per server process. */
export interface Services {
  readonly database: Database;
  readonly bus: Bus;
  readonly documents: DocumentHub;
  readonly presence: PresenceHub;
  readonly compute: Compute;
  readonly limits: Limits;
  readonly tickets: Tickets;
  readonly pictures: PictureRenderer;
  readonly studio: StudioFacts;
  /** The models of this machine, where all runs are computed on it; absent where workers have stores of their own. */
  readonly modelPulls?: ModelPulls;
}

export interface StudioFacts {
  readonly version: string;
  /** Whether people have accounts; false in local mode. */
  readonly accounts: boolean;
  readonly defaults: { readonly tokenizer: string; readonly clip: string; readonly siglip: string };
  /** Execution provider of the device that computes, where the process knows it. */
  readonly provider?: string;
}

/** What an open share link gives. */
export interface ShareGrant {
  readonly linkId: string;
  readonly workspaceId: string;
  /** Null: the whole workspace. */
  readonly sessionId: string | null;
  readonly access: ShareAccess;
}

/**
 * `local`: the one user of local mode. `account`: signed in. `guest`: holds a share link and no account; its user id is
 * `guest_<link id>`. `nobody`: neither; may ask for what needs no rights.
 */
export interface Viewer {
  readonly kind: 'local' | 'account' | 'guest' | 'nobody';
  readonly userId: string | null;
  readonly name: string;
  readonly share: ShareGrant | null;
}

/** One per HTTP request, and one per operation on a socket. */
export interface Context extends Services {
  readonly viewer: Viewer;
  /** Rows and roles that this request has read already. */
  readonly loads: Loads;
}

export function makeContext(services: Services, viewer: Viewer): Context {
  return { ...services, viewer, loads: new Loads(services.database) };
}
