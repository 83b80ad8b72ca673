// Share links: what a holder may do inside, that nothing outside is told of, and that revoking holds at once.
import { openShareLink } from '@tessera/db';
import { describe, expect, it } from 'vitest';
import type { Viewer } from '../src/index.ts';
import { globalId } from '../src/input-checks.ts';
import { guest, type Studio, useStudio } from './support/studio.ts';

let studio: Studio;
let owner: Viewer & { userId: string };
let workspaceId: string;
let sessionId: string;
let otherId: string;
useStudio(async (opened) => {
  studio = opened;
  owner = await studio.person('Olga');
  const workspace = await studio.workspace(owner, 'lab');
  workspaceId = globalId('Workspace', workspace.id);
  const make = async (name: string) =>
    (await studio.change(owner, 'createSession', { workspaceId, name }, 'session { id }')).session.id;
  sessionId = await make('shared');
  otherId = await make('other');
});

async function link(access: 'VIEW' | 'EDIT', session?: string) {
  const input = { workspaceId, access, ...(session && { sessionId: session }) };
  const made = await studio.change(owner, 'createShareLink', input, 'token shareLink { id access session { id } }');
  expect(made.problem).toBeNull();
  const { id, ...grant } = await openShareLink(studio.database, made.token);
  return { ...made, viewer: guest({ linkId: id, ...grant }) };
}

const SESSION = 'query ($id: ID!) { session(id: $id) { name rights document { prompt } } }';
const edit = (viewer: Viewer, id: string, prompt: string) =>
  studio.change(viewer, 'editSession', { sessionId: id, prompt });

describe('a link to a session', () => {
  it('shows its holders apart: one user, a number for each tab, the same each time', async () => {
    const { viewer } = await link('VIEW', sessionId);
    const show = async (clientId: string) => {
      const { problem } = await studio.change(viewer, 'showPresence', { sessionId, clientId, colour: '#3366cc' });
      expect(problem).toBeNull();
    };
    for (const clientId of ['tab-1', 'tab-2', 'tab-1']) await show(clientId);
    const source = 'query ($id: ID!) { session(id: $id) { presence { name user { id } } } }';
    const { session } = await studio.data(owner, source, { id: sessionId });
    const names = session.presence.map(({ name }: { name: string }) => name);
    expect(names).toHaveLength(2);
    for (const name of names) expect(name).toMatch(/^Guest [1-9]\d\d$/);
    expect(names[0]).not.toBe(names[1]);
    expect(session.presence.map(({ user }: { user: object | null }) => user)).toEqual([null, null]);
  });

  it('lets a viewer look and comment, no more', async () => {
    const { viewer } = await link('VIEW', sessionId);
    const { session } = await studio.data(viewer, SESSION, { id: sessionId });
    expect(session).toEqual({ name: 'shared', rights: ['VIEW', 'COMMENT'], document: { prompt: '' } });
    expect((await edit(viewer, sessionId, 'a cat')).problem.code).toBe('FORBIDDEN');
    const said = await studio.change(
      viewer,
      'addComment',
      { workspaceId, sessionId, body: 'nice' },
      'comment { author { id } body }',
    );
    expect(said.comment).toEqual({ author: null, body: 'nice' });
  });

  it('lets an editor edit and run, and makes no owner', async () => {
    const { viewer } = await link('EDIT', sessionId);
    expect((await edit(viewer, sessionId, 'a dog')).problem).toBeNull();
    const { session } = await studio.data(viewer, SESSION, { id: sessionId });
    expect(session).toEqual({
      name: 'shared',
      rights: ['VIEW', 'COMMENT', 'RUN', 'EDIT'],
      document: { prompt: 'a dog' },
    });
    const more = await studio.change(viewer, 'createShareLink', { workspaceId, sessionId, access: 'EDIT' });
    expect(more.problem.code).toBe('NOT_FOUND');
    expect((await studio.change(viewer, 'deleteSession', { sessionId })).problem.code).toBe('FORBIDDEN');
  });

  it('tells nothing of what is beside the session', async () => {
    const { viewer } = await link('EDIT', sessionId);
    expect((await studio.run(viewer, SESSION, { id: otherId })).errors[0]!.extensions!.code).toBe('NOT_FOUND');
    expect((await edit(viewer, otherId, 'x')).problem.code).toBe('NOT_FOUND');
    const made = await studio.change(viewer, 'createSession', { workspaceId, name: 'mine' });
    expect(made.problem.code).toBe('NOT_FOUND');
    const { viewer: me } = await studio.data(
      viewer,
      '{ viewer { kind user { id } workspaces { id } sharedSession { id } sharedWorkspace { id name } } }',
    );
    expect(me).toMatchObject({ kind: 'SHARE_LINK', user: null, workspaces: [], sharedSession: { id: sessionId } });
    // Its name is no secret; everything else is.
    const inside = [
      'role',
      'members { role }',
      'sessions { nodes { id } }',
      'seeds { nodes { id } }',
      'auditLog { nodes { id } }',
    ];
    for (const field of inside) {
      const { data, errors } = await studio.run(
        viewer,
        `query ($id: ID!) { session(id: $id) { workspace { name rights ${field} } } }`,
        { id: sessionId },
      );
      expect([field, data.session, errors[0]!.extensions!.code]).toEqual([field, null, 'NOT_FOUND']);
    }
  });

  it('is dead once it is revoked, also for who came through it before', async () => {
    const { viewer, shareLink } = await link('EDIT', sessionId);
    expect((await studio.data(viewer, SESSION, { id: sessionId })).session.name).toBe('shared');
    const feed = await studio.subscribe(viewer, 'subscription ($id: ID!) { presence(sessionId: $id) { __typename } }', {
      id: sessionId,
    });
    await feed.return();
    const revoked = await studio.change(
      owner,
      'revokeShareLink',
      { workspaceId, shareLinkId: shareLink.id },
      'shareLink { revokedAt }',
    );
    expect(revoked.shareLink.revokedAt).not.toBeNull();
    expect((await studio.run(viewer, SESSION, { id: sessionId })).errors[0]!.extensions!.code).toBe('NOT_FOUND');
    expect((await edit(viewer, sessionId, 'x')).problem.code).toBe('NOT_FOUND');
    await expect(
      studio.subscribe(viewer, 'subscription ($id: ID!) { sessionDoc(sessionId: $id, after: 0) { seq } }', {
        id: sessionId,
      }),
    ).rejects.toMatchObject({ extensions: { code: 'NOT_FOUND' } });
    const { documents } = studio.services;
    const actor = { userId: viewer.userId!, linkId: viewer.share!.linkId };
    await expect(documents.snapshot(viewer.share!.sessionId!, actor)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('a link to a workspace', () => {
  it('opens every session of it', async () => {
    const { viewer } = await link('VIEW');
    const query = 'query ($id: ID!) { workspace(id: $id) { role rights sessions { nodes { name } } } }';
    const { workspace } = await studio.data(viewer, query, { id: workspaceId });
    expect(workspace).toEqual({
      role: 'VIEWER',
      rights: ['VIEW', 'COMMENT'],
      sessions: { nodes: [{ name: 'other' }, { name: 'shared' }] },
    });
    for (const field of ['shareLinks { id }', 'invitations { id }', 'auditLog { nodes { id } }']) {
      const { errors } = await studio.run(viewer, `query ($id: ID!) { workspace(id: $id) { ${field} } }`, {
        id: workspaceId,
      });
      expect(errors[0]!.extensions!.code).toBe('FORBIDDEN');
    }
  });
});

describe('making links', () => {
  it('needs an editor; the links of others need an owner', async () => {
    const lab = {
      id: studio.database ? (await openShareLink(studio.database, (await link('VIEW')).token)).workspaceId : '',
    };
    const editor = await studio.member({ ...lab, name: '', slug: '', createdAt: new Date() }, 'Edda', 'editor');
    const viewer = await studio.member({ ...lab, name: '', slug: '', createdAt: new Date() }, 'Vera', 'viewer');
    expect((await studio.change(viewer, 'createShareLink', { workspaceId, access: 'VIEW' })).problem.code).toBe(
      'FORBIDDEN',
    );
    const { shareLink } = await link('VIEW');
    const revoke = { workspaceId, shareLinkId: shareLink.id };
    expect((await studio.change(editor, 'revokeShareLink', revoke)).problem.code).toBe('FORBIDDEN');
    const { workspace } = await studio.data(editor, 'query ($id: ID!) { workspace(id: $id) { shareLinks { id } } }', {
      id: workspaceId,
    });
    expect(workspace.shareLinks).toEqual([]);
    const late = { workspaceId, access: 'VIEW', expiresAt: '2020-01-01T00:00:00Z' };
    expect((await studio.change(editor, 'createShareLink', late)).problem).toMatchObject({
      code: 'BAD_INPUT',
      field: 'expiresAt',
    });
  });
});
