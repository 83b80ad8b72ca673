// Sessions and their documents through GraphQL alone: made, edited by scripts and by peers, watched.
import { addStroke, type DocumentPeer, openDoc, type Stroke, setText } from '@tessera/collab';
import { describe, expect, it } from 'vitest';
import type { Viewer } from '../src/index.ts';
import { globalId } from '../src/input-checks.ts';
import { connectPeer, settled } from './support/peers.ts';
import { type Studio, useStudio } from './support/studio.ts';

let studio: Studio;
let owner: Viewer & { userId: string };
let workspaceId: string;
useStudio(async (opened) => {
  studio = opened;
  owner = await studio.person('Olga');
  workspaceId = globalId('Workspace', (await studio.workspace(owner, 'lab')).id);
});

const make = async (more: object = {}): Promise<string> =>
  (await studio.change(owner, 'createSession', { workspaceId, name: 'study', ...more }, 'session { id }')).session.id;

const DOCUMENT = `query ($id: ID!) { session(id: $id) { name document {
  seq prompt negativePrompt settings objectives lockedPositions strokeCount
  check { plan deadKnobs problem { code field message } }
} } }`;
const documentOf = async (id: string) => (await studio.data(owner, DOCUMENT, { id })).session.document;

describe('a session', () => {
  it('begins with the settings of the embedded models, and says what keeps it from running', async () => {
    const document = await documentOf(await make());
    expect(document).toMatchObject({ prompt: '', strokeCount: 0, settings: { preset: 'pocket', iterations: 150 } });
    expect(document.objectives).toEqual([{ id: 'prompt', kind: 'clip', model: null, weight: 1 }]);
    expect(document.check).toMatchObject({ plan: null, problem: { code: 'BAD_INPUT', field: 'settings.seedId' } });
  });

  it('is edited by scripts, and then checks out as a plan', async () => {
    const sessionId = await make();
    const settings = { startFrom: 'noise', iterations: 12, cfg: 3 };
    const answer = await studio.change(
      owner,
      'editSession',
      { sessionId, prompt: 'a red fox', settings, lockedPositions: [5, 2] },
      'session { id }',
    );
    expect(answer.problem).toBeNull();
    const { check, prompt } = await documentOf(sessionId);
    expect(prompt).toBe('a red fox');
    expect(check.problem).toBeNull();
    expect(check.plan).toMatchObject({
      iterations: 12,
      lockedPositions: [2, 5],
      tokenizer: 'toy',
      objectives: [{ prompt: 'a red fox', model: 'toy-clip' }],
    });
    const objectives = [{ id: 'a', kind: 'clip', weight: 0 }];
    await studio.change(owner, 'editSession', { sessionId, objectives, lockedPositions: [3, 2] });
    expect((await documentOf(sessionId)).lockedPositions).toEqual([2, 3]);
    expect((await documentOf(sessionId)).check.deadKnobs).toEqual(['The clip objective has weight 0.']);
  });

  it('refuses an edit as a whole', async () => {
    const sessionId = await make();
    const before = await documentOf(sessionId);
    const wrong = [
      [{ prompt: 'x', settings: { iterations: -1 } }, 'settings.iterations'],
      [{ prompt: 'x', settings: { unknown: 1 } }, 'settings.unknown'],
      [{ prompt: 'x', settings: { iterations: { deep: [] } } }, 'settings.iterations'],
      [{ prompt: 'x', settings: [1] }, 'settings'],
      [{ prompt: 'x', objectives: [{ id: 'a', kind: 'magic' }] }, 'objectives.0.kind'],
      [{ prompt: 'x', objectives: ['a'] }, 'objectives'],
      [{ prompt: 'bell \u0007' }, 'prompt'],
      [{ negativePrompt: '\ud800' }, 'negativePrompt'],
      [{ prompt: 'x', lockedPositions: [-1] }, 'locks.-1'],
      [{ prompt: 'x'.repeat(8_001) }, 'prompt'],
    ] as const;
    for (const [edit, field] of wrong) {
      const { problem } = await studio.change(owner, 'editSession', { sessionId, ...edit });
      expect(problem, JSON.stringify(edit)).toMatchObject({ code: 'BAD_INPUT', field });
    }
    expect(await documentOf(sessionId)).toEqual(before);
  });

  it('can be copied, renamed, archived, deleted', async () => {
    const first = await make();
    await studio.change(owner, 'editSession', { sessionId: first, prompt: 'copied' });
    const second = await make({ name: 'copy', from: first });
    expect((await documentOf(second)).prompt).toBe('copied');
    await studio.change(owner, 'editSession', { sessionId: second, prompt: 'changed' });
    expect((await documentOf(first)).prompt).toBe('copied');
    const change = { sessionId: second, name: 'renamed', archived: true };
    const { session } = await studio.change(owner, 'updateSession', change, 'session { name archivedAt }');
    expect(session.name).toBe('renamed');
    expect(session.archivedAt).not.toBeNull();
    const list = 'query ($id: ID!) { workspace(id: $id) { sessions(archived: true) { nodes { id } } } }';
    expect((await studio.data(owner, list, { id: workspaceId })).workspace.sessions.nodes).toEqual([{ id: second }]);
    expect((await studio.change(owner, 'deleteSession', { sessionId: second }, 'deletedId')).deletedId).toBe(second);
    expect((await studio.run(owner, DOCUMENT, { id: second })).errors[0]!.extensions!.code).toBe('NOT_FOUND');
  });

  it('is made once for one idempotency key', async () => {
    const [a, b] = await Promise.all([make({ idempotencyKey: 'k' }), make({ idempotencyKey: 'k' })]);
    expect(a).toBe(b);
    expect((await documentOf(a)).objectives).toHaveLength(1);
    const other = await studio.change(owner, 'createSession', { workspaceId, name: 'other', idempotencyKey: 'k' });
    expect(other.problem.code).toBe('IDEMPOTENCY_CONFLICT');
  });
});

describe('its document', () => {
  it('converges between peers that speak nothing but GraphQL', async () => {
    const sessionId = await make();
    const peers = await Promise.all([0, 1, 2].map(() => connectPeer(studio, owner, sessionId)));
    const [a, b, c] = peers.map(({ peer }) => peer) as [DocumentPeer, DocumentPeer, DocumentPeer];
    setText(a.doc, 'prompt', 'a fox', 'a');
    setText(b.doc, 'negativePrompt', 'blur', 'b');
    await settled(a, b, c);
    c.disconnect();
    setText(c.doc, 'prompt', 'a fox in snow', 'c');
    setText(a.doc, 'prompt', 'one fox', 'a');
    await peers[2]!.connect();
    await settled(a, b, c);
    const texts = [a, b, c].map(({ doc }) => [
      doc.getText('prompt').toString(),
      doc.getText('negativePrompt').toString(),
    ]);
    expect(texts).toEqual([texts[0], texts[0], texts[0]]);
    expect(texts[0]![0]).toContain('in snow');
    expect((await documentOf(sessionId)).prompt).toBe(texts[0]![0]);
    for (const { peer } of peers) peer.destroy();
  });

  it('says how a push ended', async () => {
    const sessionId = await make();
    const viewer = await studio.member({ ...(await anyWorkspace()) }, 'Vera', 'viewer');
    const push = (who: Viewer, bytes: Uint8Array) =>
      studio.change(who, 'pushDocument', { sessionId, update: Buffer.from(bytes).toString('base64') }, 'outcome seq');
    const doc = openDoc();
    const updates: Uint8Array[] = [];
    doc.on('update', (bytes: Uint8Array) => void updates.push(bytes));
    setText(doc, 'prompt', 'one', null);
    setText(doc, 'prompt', 'one two', null);
    expect(await push(owner, updates[1]!)).toEqual({ outcome: 'BEHIND', seq: null, problem: null });
    expect(await push(owner, updates[0]!)).toMatchObject({ outcome: 'STORED', problem: null });
    expect(await push(owner, Uint8Array.of(1, 2, 3))).toMatchObject({
      outcome: 'REFUSED',
      problem: { code: 'BAD_INPUT' },
    });
    expect(await push(viewer, updates[1]!)).toMatchObject({ outcome: 'REFUSED', problem: { code: 'FORBIDDEN' } });
    const stroke: Stroke = { id: 's', author: 'me', mode: 'add', size: 2, softness: 0, points: [0, 0] };
    addStroke(doc, stroke, null);
    expect(await push(owner, updates[2]!)).toMatchObject({ outcome: 'BEHIND' });
    expect((await documentOf(sessionId)).prompt).toBe('one');
  });

  it('frees a subscription at once when it ends while it waits', async () => {
    const sessionId = await make();
    const source = 'subscription ($id: ID!) { sessionDoc(sessionId: $id, after: 0) { seq update } }';
    const feed = await studio.subscribe(owner, source, { id: sessionId });
    const first = await feed.next();
    expect(first.value!.data.sessionDoc.seq).toBe(1);
    const subscribers = studio.bus.live.stats().subscribers;
    const waiting = feed.next();
    await feed.return();
    expect((await waiting).done).toBe(true);
    expect(studio.bus.live.stats().subscribers).toBe(subscribers - 1);
  });
});

async function anyWorkspace() {
  return (await studio.database.client.workspace.findMany({ take: 1 }))[0]!;
}

describe('presence', () => {
  const show = (who: Viewer, sessionId: string, more: object = {}) =>
    studio.change(who, 'showPresence', { sessionId, clientId: 'tab', colour: '#3366cc', ...more });

  it('shows who is there, where they point, and when they leave', async () => {
    const sessionId = await make();
    const source = `subscription ($id: ID!) { presence(sessionId: $id) {
      ... on PresenceHere { presence { clientId name colour cursor { x y } user { name } step } }
      ... on PresenceLeft { clientId }
    } }`;
    const feed = await studio.subscribe(owner, source, { id: sessionId });
    expect((await show(owner, sessionId, { cursor: { x: 0.25, y: 1 }, step: 3 })).problem).toBeNull();
    const here = {
      clientId: 'tab',
      name: 'Olga',
      colour: '#3366cc',
      cursor: { x: 0.25, y: 1 },
      user: { name: 'Olga' },
      step: 3,
    };
    expect((await feed.next()).value!.data.presence).toEqual({ presence: here });
    const { session } = await studio.data(owner, 'query ($id: ID!) { session(id: $id) { presence { name } } }', {
      id: sessionId,
    });
    expect(session.presence).toEqual([{ name: 'Olga' }]);
    await studio.change(owner, 'leaveSession', { sessionId, clientId: 'tab' });
    expect((await feed.next()).value!.data.presence).toEqual({ clientId: 'tab' });
    await feed.return();
  });

  it('refuses what cannot be shown', async () => {
    const sessionId = await make();
    const wrong = [
      { colour: 'red' },
      { cursor: { x: 2, y: 0 } },
      { step: -1 },
      { clientId: '' },
      { clientId: 'a\nb' },
      { runId: sessionId },
    ];
    for (const more of wrong) {
      expect((await show(owner, sessionId, more)).problem.code, JSON.stringify(more)).toBe('BAD_INPUT');
    }
  });
});

it('workspaceChanged tells of changes, to those inside', async () => {
  const source = 'subscription ($id: ID!) { workspaceChanged(workspaceId: $id) { kind id } }';
  const feed = await studio.subscribe(owner, source, { id: workspaceId });
  const sessionId = await make();
  for (;;) {
    const { workspaceChanged } = (await feed.next()).value!.data;
    if (workspaceChanged.id === sessionId) break;
    expect(workspaceChanged.kind).toBe('SESSION');
  }
  await feed.return();
  const stranger = await studio.person('Stranger');
  await expect(studio.subscribe(stranger, source, { id: workspaceId })).rejects.toMatchObject({
    extensions: { code: 'NOT_FOUND' },
  });
});
