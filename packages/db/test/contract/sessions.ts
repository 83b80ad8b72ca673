// Contract: sessions, their documents, comments, pictures.
import { describe, expect, test } from 'vitest';
import {
  addComment,
  appendSteps,
  appendUpdate,
  applyRetention,
  ConflictError,
  compactDocument,
  completeUpload,
  createMask,
  createSeed,
  createSession,
  createUpload,
  type Database,
  deleteComment,
  deleteSeed,
  deleteSession,
  documentsToCompact,
  ExpiredError,
  finishRun,
  getBlob,
  getRun,
  getSeedTokens,
  getUpload,
  IdempotencyConflictError,
  InputError,
  listComments,
  listMasks,
  listSeeds,
  listSessions,
  loadCheckpoint,
  loadDocument,
  NotFoundError,
  nearestSeedsByImage,
  nearestSeedsByTokens,
  openUpload,
  putBlob,
  putSeedFeature,
  putSeedTokens,
  readSteps,
  replaySteps,
  updateComment,
  updateRun,
  updateSeed,
  updateSession,
} from '../../src/index.ts';
import { stepsOf } from '../steps-of.ts';
import { makeWorld, type World } from './world.ts';

const join = (parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const session = ({ database, workspaceId, userId }: World, name = 'Foxes', idempotencyKey?: string) =>
  createSession(database, { workspaceId, userId, name, ...(idempotencyKey && { idempotencyKey }) });

export function sessionsContract(open: () => Database): void {
  describe('documents', () => {
    test('updates of 8 writers get numbers without gaps, and a late reader gets them all', async () => {
      const world = await makeWorld(open());
      const { database, workspaceId } = world;
      const { id } = await session(world);
      const writers = Array.from({ length: 8 }, async (_, w) => {
        const mine: number[] = [];
        for (let i = 0; i < 5; i++) mine.push((await appendUpdate(database, workspaceId, id, Uint8Array.of(w, i))).seq);
        return mine;
      });
      const sequences = await Promise.all(writers);
      expect(sequences.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
      for (const mine of sequences) expect(mine).toEqual([...mine].sort((a, b) => a - b));
      const { updates, snapshot } = await loadDocument(database, workspaceId, id);
      expect(snapshot).toBeUndefined();
      expect(updates.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
      expect((await loadDocument(database, workspaceId, id, 38)).updates.map(({ seq }) => seq)).toEqual([39, 40]);
    });

    test('compaction is asked for at 100 updates and loses nothing, also while others write', async () => {
      const world = await makeWorld(open());
      const { database, workspaceId } = world;
      const { id } = await session(world);
      const asked: number[] = [];
      for (let i = 1; i <= 100; i++) {
        const { seq, compact } = await appendUpdate(database, workspaceId, id, Uint8Array.of(i));
        if (compact) asked.push(seq);
      }
      expect(asked).toEqual([100]);
      expect(await documentsToCompact(database, 100)).toContainEqual({ workspaceId, sessionId: id });
      await Promise.all([
        compactDocument(database, workspaceId, id, join),
        appendUpdate(database, workspaceId, id, Uint8Array.of(101)),
        compactDocument(database, workspaceId, id, join),
      ]);
      const { snapshot, snapshotSeq, updates, lastSeq } = await loadDocument(database, workspaceId, id);
      expect(lastSeq).toBe(101);
      expect(snapshotSeq).toBeGreaterThanOrEqual(100);
      const whole = join([snapshot!, ...updates.map(({ data }) => data)]);
      expect([...whole]).toEqual(Array.from({ length: 101 }, (_, i) => i + 1));
      // Who has seen the snapshot's state does not get it again; who is behind it does.
      expect((await loadDocument(database, workspaceId, id, 101)).snapshot).toBeUndefined();
      expect((await loadDocument(database, workspaceId, id, 5)).snapshot).toBeDefined();
    });

    test('foreign sessions, empty and huge updates are refused', async () => {
      const world = await makeWorld(open());
      const { id } = await session(world);
      const push = (workspaceId: string, data: Uint8Array) => appendUpdate(world.database, workspaceId, id, data);
      await expect(push('other', Uint8Array.of(1))).rejects.toThrow(NotFoundError);
      await expect(push(world.workspaceId, new Uint8Array())).rejects.toThrow(InputError);
      await expect(push(world.workspaceId, new Uint8Array(512 * 1024 + 1))).rejects.toThrow(InputError);
      await expect(loadDocument(world.database, 'other', id)).rejects.toThrow(NotFoundError);
      expect((await loadDocument(world.database, world.workspaceId, id)).lastSeq).toBe(0);
    });
  });

  test('sessions: idempotent, renamed, archived, paged, deleted', async () => {
    const world = await makeWorld(open());
    const { database, workspaceId } = world;
    const one = await session(world, ' Foxes ', 'k');
    expect((await session(world, 'Foxes', 'k')).id).toBe(one.id);
    await expect(session(world, 'Cats', 'k')).rejects.toThrow(IdempotencyConflictError);
    await expect(session(world, '   ')).rejects.toThrow(InputError);
    await expect(session(world, 'x'.repeat(201))).rejects.toThrow(InputError);
    const two = await session(world, 'Cats');
    await updateSession(database, workspaceId, two.id, { name: 'Big cats', archived: true });
    const ids = async (archived: boolean) =>
      (await listSessions(database, workspaceId, {}, { archived })).edges.map(({ node }) => node.id);
    expect(await ids(false)).toEqual([one.id]);
    expect(await ids(true)).toEqual([two.id]);
    await expect(updateSession(database, 'other', one.id, { name: 'x' })).rejects.toThrow(NotFoundError);
    await expect(deleteSession(database, 'other', one.id)).rejects.toThrow(NotFoundError);
    await deleteSession(database, workspaceId, one.id);
    expect(await ids(false)).toEqual([]);
  });

  test('comments are pinned to what exists in the workspace', async () => {
    const world = await makeWorld(open());
    const { database, workspaceId, userId: authorId } = world;
    const { runId, fence } = await world.held();
    await appendSteps(database, { runId, fence, steps: stepsOf({ count: 3 }) });
    const base = { workspaceId, authorId, body: 'Look here', runId };
    const region = { x: 0.5, y: 0, width: 0.25, height: 1 };
    const comment = await addComment(database, { ...base, step: 2, position: 31, region });
    expect(comment).toMatchObject({ step: 2, position: 31, region, resolvedAt: null });
    const reply = await addComment(database, { ...base, replyToId: comment.id });
    await expect(addComment(database, { ...base, step: 3 })).rejects.toThrow(InputError);
    await expect(addComment(database, { ...base, position: 32 })).rejects.toThrow(InputError);
    await expect(addComment(database, { ...base, region: { ...region, x: 0.8 } })).rejects.toThrow(InputError);
    await expect(addComment(database, { ...base, body: ' ' })).rejects.toThrow(InputError);
    await expect(addComment(database, { workspaceId, authorId, body: 'x' })).rejects.toThrow(InputError);
    await expect(
      addComment(database, { ...base, workspaceId: (await makeWorld(database)).workspaceId }),
    ).rejects.toThrow(NotFoundError);
    await updateComment(database, workspaceId, comment.id, { resolved: true });
    const list = async (filter: object) =>
      (await listComments(database, workspaceId, {}, filter)).edges.map(({ node }) => node.id);
    expect(await list({ runId })).toEqual([reply.id, comment.id]);
    expect(await list({ runId, resolved: false })).toEqual([reply.id]);
    await deleteComment(database, workspaceId, comment.id);
    expect(await list({ runId })).toEqual([]);
  });

  describe('pictures', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const seedOf = async ({ database, workspaceId, userId }: World, name = 'fox') => {
      const { id } = await putBlob(database, workspaceId, bytes, 'image/png');
      return createSeed(database, {
        workspaceId,
        userId,
        name,
        blobId: id,
        width: 64,
        height: 48,
        tags: ['Red', 'red ', 'fox'],
      });
    };

    test('the same bytes are one blob per workspace', async () => {
      const world = await makeWorld(open());
      const put = (workspaceId: string) => putBlob(world.database, workspaceId, bytes, 'image/png');
      const [a, b] = await Promise.all([put(world.workspaceId), put(world.workspaceId)]);
      expect(a!.id).toBe(b!.id);
      expect(a!.sha256).toMatch(/^9f64a747e1b97f13/);
      const { workspaceId } = await makeWorld(world.database);
      expect((await put(workspaceId)).id).not.toBe(a!.id);
      await expect(getBlob(world.database, workspaceId, a!.id)).rejects.toThrow(NotFoundError);
      expect((await getBlob(world.database, world.workspaceId, a!.id)).data).toEqual(bytes);
    });

    test('an upload address is good once; of two at once one wins', async () => {
      const world = await makeWorld(open());
      const { upload, token } = await createUpload(world.database, {
        workspaceId: world.workspaceId,
        userId: world.userId,
        purpose: 'seed',
      });
      expect((await openUpload(world.database, token)).id).toBe(upload.id);
      await expect(openUpload(world.database, 'guess')).rejects.toThrow(NotFoundError);
      const both = await Promise.allSettled(
        [1, 2].map((n) => completeUpload(world.database, token, Uint8Array.of(n), 'image/png')),
      );
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      await expect(openUpload(world.database, token)).rejects.toThrow(ExpiredError);
      expect((await getUpload(world.database, world.workspaceId, upload.id)).blobId).not.toBeNull();
    });

    test('seeds with tags, tokens and features; masks of their size', async () => {
      const world = await makeWorld(open());
      const { database, workspaceId, userId } = world;
      const fox = await seedOf(world);
      const cat = await seedOf(world, 'cat');
      expect(fox.tags).toEqual(['red', 'fox']);
      await updateSeed(database, workspaceId, cat.id, { tags: ['cat'] });
      const list = async (tags: string[]) =>
        (await listSeeds(database, workspaceId, {}, tags)).edges.map(({ node }) => node.id);
      expect(await list([])).toEqual([cat.id, fox.id]);
      expect(await list(['FOX', 'red'])).toEqual([fox.id]);
      const tokens = { kind: 'indices' as const, data: Int32Array.of(1, 2, 65_535) };
      await putSeedTokens(database, workspaceId, fox.id, 't', tokens);
      await putSeedTokens(database, workspaceId, cat.id, 't', { kind: 'indices', data: Int32Array.of(1, 0, 0) });
      expect(await getSeedTokens(database, workspaceId, fox.id, 't')).toEqual(tokens);
      expect(await nearestSeedsByTokens(database, { workspaceId, tokenizer: 't', tokens: [1, 2, 3] })).toMatchObject([
        { id: fox.id, distance: 1 },
        { id: cat.id, distance: 2 },
      ]);
      await putSeedFeature(database, workspaceId, fox.id, { model: 'm', vector: Float32Array.of(1, 0) });
      await putSeedFeature(database, workspaceId, cat.id, { model: 'm', vector: Float32Array.of(0, 5) });
      expect(await nearestSeedsByImage(database, { workspaceId, model: 'm', vector: Float32Array.of(0, 1) })).toEqual([
        { id: cat.id, similarity: 1 },
        { id: fox.id, similarity: 0 },
      ]);
      const mask = { workspaceId, userId, seedId: fox.id, name: 'ear', blobId: fox.blobId };
      await createMask(database, { ...mask, width: 64, height: 48 });
      await expect(createMask(database, { ...mask, width: 64, height: 64 })).rejects.toThrow(
        /make the mask 64 x 48 px/,
      );
      expect(await listMasks(database, workspaceId, fox.id)).toHaveLength(1);
      const { id: runId } = (await world.held({ seedId: fox.id })).run;
      await deleteSeed(database, workspaceId, fox.id);
      expect((await getRun(database, workspaceId, runId)).seedId).toBeNull();
      await expect(deleteSeed(database, 'other', cat.id)).rejects.toThrow(NotFoundError);
    });
  });

  test('retention thins old runs to their last step, keeps pinned ones, and says what it did', async () => {
    const world = await makeWorld(open());
    const { database, workspaceId } = world;
    const finished = async () => {
      const { runId, fence } = await world.held();
      await appendSteps(database, {
        runId,
        fence,
        steps: stepsOf({ count: 6 }),
        checkpoint: { step: 6, data: Uint8Array.of(9) },
      });
      await finishRun(database, runId, fence, { status: 'completed' });
      return runId;
    };
    const [old, pinned] = [await finished(), await finished()];
    await updateRun(database, workspaceId, pinned, { pinned: true });
    const later = new Date(Date.now() + 400 * 86_400_000);
    const report = await applyRetention(database, {}, later);
    expect(report.runsThinned).toBeGreaterThanOrEqual(1);
    expect(report.checkpoints).toBeGreaterThanOrEqual(2);
    expect((await readSteps(database, workspaceId, old)).map(({ step }) => step)).toEqual([5]);
    expect(await readSteps(database, workspaceId, pinned)).toHaveLength(6);
    expect(await loadCheckpoint(database, pinned)).toBeUndefined();
    // A client that comes back is told where the steps begin: the gap is explicit.
    expect(await replaySteps(database, old, 2)).toMatchObject({ firstStep: 5, nextStep: 6 });
    expect((await applyRetention(database, {}, later)).runsThinned).toBe(0);
  });

  test('errors carry our words, never those of the driver', async () => {
    const world = await makeWorld(open());
    const create = () =>
      world.database.client.member.create({ data: { id: 'x', workspaceId: 'none', userId: 'none', role: 'boss' } });
    await expect(create()).rejects.toThrow();
    const error = await session({ ...world, workspaceId: 'none' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConflictError);
    expect(String(error)).not.toMatch(/prisma|constraint|sessions_|\//i);
  });
}
