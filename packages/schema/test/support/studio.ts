// A studio in a test: a real database, bus and hubs, a toy engine, and operations run as a server would.
import { type Bus, openBus } from '@tessera/bus';
import { DocumentHub, PresenceHub } from '@tessera/collab';
import { createUser, createWorkspace, type Database, setRole, type User, type Workspace } from '@tessera/db';
import { openTestDatabase } from '@tessera/db/testing';
import { type Limits, limitsWith, type Role } from '@tessera/protocol';
import { type GraphQLFormattedError, graphql, parse, subscribe } from 'graphql';
import { afterAll, beforeAll, expect } from 'vitest';
import {
  authoriseDocuments,
  databaseDocumentStore,
  errorFormatter,
  makeContext,
  pictureRenderer,
  type Services,
  type ShareGrant,
  schema,
  signedTickets,
  type Viewer,
} from '../../src/index.ts';
import { TOY, ToyCompute } from './toy-compute.ts';

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: answers have the shape of their query
  readonly data: any;
  readonly errors: readonly GraphQLFormattedError[];
}

export class Studio {
  readonly services: Services;
  readonly database: Database;
  readonly bus: Bus;
  readonly compute: ToyCompute;
  /** Errors that no client caused; a test that expects none asserts that it is empty. */
  readonly internal: unknown[] = [];
  readonly #close: () => Promise<void>;

  constructor(services: Services, compute: ToyCompute, close: () => Promise<void>) {
    this.services = services;
    this.database = services.database;
    this.bus = services.bus;
    this.compute = compute;
    this.#close = close;
  }

  static async open(limits: Partial<Limits> = {}): Promise<Studio> {
    const database = await openTestDatabase();
    const bus = await openBus();
    const compute = new ToyCompute();
    const authorise = authoriseDocuments(database);
    const documents = new DocumentHub({ store: databaseDocumentStore(database), live: bus.live, authorise });
    const presence = new PresenceHub({ live: bus.live, authorise });
    const services: Services = {
      database,
      bus,
      documents,
      presence,
      compute,
      limits: limitsWith(limits),
      tickets: signedTickets(new Uint8Array(32).fill(7)),
      pictures: pictureRenderer({ database, compute }),
      studio: {
        version: '0.0.0-test',
        accounts: true,
        defaults: { tokenizer: TOY.tokenizer, clip: TOY.clip, siglip: TOY.siglip },
      },
    };
    return new Studio(services, compute, async () => {
      presence[Symbol.dispose]();
      await documents[Symbol.asyncDispose]();
      await bus[Symbol.asyncDispose]();
      await database.close();
    });
  }

  /** One HTTP request, or one operation on a socket. */
  async run(viewer: Viewer, source: string, variableValues: Record<string, unknown> = {}): Promise<Answer> {
    const contextValue = makeContext(this.services, viewer);
    const { data, errors = [] } = await graphql({ schema, source, variableValues, contextValue });
    return { data, errors: errors.map(this.#format) };
  }

  readonly #format = errorFormatter((_id, error) => void this.internal.push(error));

  /** Runs an operation that must give no error, and gives its data. */
  async data(viewer: Viewer, source: string, variables: Record<string, unknown> = {}): Promise<Answer['data']> {
    const { data, errors } = await this.run(viewer, source, variables);
    if (errors.length > 0) throw new Error(`unexpected errors: ${JSON.stringify(errors)}`);
    return data;
  }

  /** The payload of `mutation { name(input: ...) { fields } }`, or its GraphQL errors. */
  async change(viewer: Viewer, name: string, input: object, fields = ''): Promise<Answer['data']> {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input!`;
    const source = `mutation ($input: ${type}) { ${name}(input: $input) { ${fields} problem { code message field } } }`;
    const { data, errors } = await this.run(viewer, source, { input });
    if (!data?.[name]) throw new Error(`${name} threw: ${JSON.stringify(errors)}`);
    return data[name];
  }

  /** A subscription's events; `return()` ends it. Throws what it refuses. */
  async subscribe(viewer: Viewer, source: string, variableValues: Record<string, unknown> = {}) {
    const contextValue = makeContext(this.services, viewer);
    const result = await subscribe({ schema, document: parse(source), variableValues, contextValue });
    if (Symbol.asyncIterator in result) return result as AsyncGenerator<Answer, void, void>;
    throw this.#format(result.errors![0]!);
  }

  async person(name: string): Promise<Viewer & { readonly userId: string; readonly user: User }> {
    const user = await createUser(this.database, { name, email: `${name.toLowerCase()}@example.org` });
    return { kind: 'account', userId: user.id, name, share: null, user };
  }

  async workspace(owner: { readonly userId: string }, slug: string): Promise<Workspace> {
    return createWorkspace(this.database, { name: slug, slug, ownerId: owner.userId });
  }

  async member(workspace: Workspace, name: string, role: Role) {
    const person = await this.person(name);
    await setRole(this.database, workspace.id, person.userId, role);
    return person;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}

export const guest = (share: ShareGrant): Viewer => ({
  kind: 'guest',
  userId: `guest_${share.linkId}`,
  name: 'Guest',
  share,
});

export const nobody: Viewer = { kind: 'nobody', userId: null, name: 'nobody', share: null };

/** Opens a studio before the tests of a file; after them nothing may have failed inside. Starting PGlite takes seconds. */
export function useStudio(use: (studio: Studio) => Promise<void> | void, limits: Partial<Limits> = {}): void {
  let studio: Studio | undefined;
  beforeAll(async () => {
    studio = await Studio.open(limits);
    await use(studio);
  }, 60_000);
  afterAll(async () => {
    const failed = studio?.internal ?? [];
    await studio?.[Symbol.asyncDispose]();
    expect(failed).toEqual([]);
  }, 60_000);
}
