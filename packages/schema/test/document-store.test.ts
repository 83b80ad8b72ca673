// The document store over the database keeps the contract of every document store.
import { randomUUID } from 'node:crypto';
import { createUser, createWorkspace, type Database } from '@tessera/db';
import { openTestDatabase } from '@tessera/db/testing';
import { afterAll, beforeAll } from 'vitest';
import { storeContract } from '../../collab/test/store-contract.ts';
import { databaseDocumentStore } from '../src/index.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close(), 60_000);

/** The suite calls its documents a and b; each store gets sessions of its own under these names. */
storeContract('database', async () => {
  const { client } = database;
  await client.studioSession.deleteMany({ where: { id: { in: ['a', 'b'] } } });
  const mark = randomUUID();
  const { id: ownerId } = await createUser(database, { name: 'Ann', email: `${mark}@example.org` });
  const { id: workspaceId } = await createWorkspace(database, { name: 'Lab', slug: mark, ownerId });
  for (const id of ['a', 'b']) {
    await client.studioSession.create({ data: { id, workspaceId, name: id, createdById: ownerId } });
    await client.document.create({ data: { sessionId: id, workspaceId } });
  }
  return databaseDocumentStore(database);
});
