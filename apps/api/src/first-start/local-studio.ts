// The first start of a local studio: its one user, a workspace, pictures, and a session that can be run as it is.
import { initialUpdate } from '@tessera/collab';
import {
  ConflictError,
  createSeed,
  createSession,
  createUser,
  createWorkspace,
  type Database,
  getUser,
  NotFoundError,
  putBlob,
  type User,
} from '@tessera/db';
import { presetSettings } from '@tessera/schema';
import { DEMO_PICTURES, DEMO_SIZE, readDemoPicture } from './demo-pictures.ts';

export const LOCAL_USER_ID = 'local';

/** The local user; made, with everything a newcomer needs, where the database has none. */
export async function openLocalStudio(database: Database): Promise<User> {
  try {
    return await getUser(database, LOCAL_USER_ID);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
  let user: User;
  try {
    user = await createUser(database, { id: LOCAL_USER_ID, name: 'You', email: 'local@localhost' });
  } catch (error) {
    // Another process of the same database came first; it makes the rest.
    if (error instanceof ConflictError) return getUser(database, LOCAL_USER_ID);
    throw error;
  }
  const { id: workspaceId } = await createWorkspace(database, {
    name: 'My studio',
    slug: 'my-studio',
    ownerId: user.id,
  });
  await createDemo(database, workspaceId, user.id);
  return user;
}

/** Pictures and the demo session; also for a new workspace of a server with accounts. */
export async function createDemo(database: Database, workspaceId: string, userId: string): Promise<void> {
  let seedId: string | undefined;
  // Lists show the newest first: the first picture comes last.
  for (const picture of [...DEMO_PICTURES].reverse()) {
    const blob = await putBlob(database, workspaceId, await readDemoPicture(picture), 'image/png');
    const { name, tags } = picture;
    const size = { width: DEMO_SIZE, height: DEMO_SIZE };
    const seed = await createSeed(database, { workspaceId, userId, name, tags, blobId: blob.id, ...size });
    seedId = seed.id;
  }
  await createSession(database, { workspaceId, userId, name: 'First steps', firstUpdate: demoDocument(seedId!) });
}

/** The prompt is made of words of the pocket model's captions. */
function demoDocument(seedId: string): Uint8Array {
  return initialUpdate({
    prompt: 'a red apple in the forest at night',
    settings: { seedId, startFrom: 'seed', ...presetSettings('pocket', 'seed') },
    objectives: [{ id: 'clip', kind: 'clip', model: null, weight: 1 }],
  });
}
