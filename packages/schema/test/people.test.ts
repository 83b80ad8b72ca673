// Workspaces, members, invitations, links: who may change what, and what the audit log says of it.
import { describe, expect, it } from 'vitest';
import { globalId } from '../src/input-checks.ts';
import { nobody, type Studio, useStudio } from './support/studio.ts';

let studio: Studio;
useStudio((opened) => {
  studio = opened;
});

describe('workspaces', () => {
  it('are made by people, with a slug from the name', async () => {
    const ann = await studio.person('Ann');
    const made = await studio.change(
      ann,
      'createWorkspace',
      { name: ' Große Köpfe! ' },
      'workspace { name slug role rights }',
    );
    expect(made.problem).toBeNull();
    expect(made.workspace).toMatchObject({ name: 'Große Köpfe!', role: 'OWNER' });
    expect(made.workspace.slug).toMatch(/^gro-e-ko-pfe-[0-9a-f]{8}$/);
    expect(made.workspace.rights).toContain('MANAGE');
    expect((await studio.change(nobody, 'createWorkspace', { name: 'x' })).problem.code).toBe('UNAUTHENTICATED');
    expect((await studio.change(ann, 'createWorkspace', { name: 'x', slug: made.workspace.slug })).problem.code).toBe(
      'CONFLICT',
    );
  });
});

describe('members', () => {
  it('join by invitation only, change role, leave; all of it audited', async () => {
    const owner = await studio.person('Olga');
    const workspace = await studio.workspace(owner, 'members');
    const workspaceId = globalId('Workspace', workspace.id);
    const eve = await studio.person('Eve');
    const asked = await studio.change(
      owner,
      'inviteMember',
      { workspaceId, email: 'EVE@example.org', role: 'RUNNER' },
      'invitation { id email role status inviter { name } }',
    );
    expect(asked.invitation).toMatchObject({
      email: 'eve@example.org',
      role: 'RUNNER',
      status: 'pending',
      inviter: { name: 'Olga' },
    });
    const stranger = await studio.person('Stranger');
    const invitationId = asked.invitation.id;
    expect((await studio.change(stranger, 'acceptInvitation', { invitationId })).problem.code).toBe('NOT_FOUND');
    const joined = await studio.change(
      eve,
      'acceptInvitation',
      { invitationId },
      'workspace { role members { email user { name } } }',
    );
    expect(joined.workspace.role).toBe('RUNNER');
    // The addresses of others are for owners.
    expect(joined.workspace.members).toEqual([
      { email: null, user: { name: 'Olga' } },
      { email: 'eve@example.org', user: { name: 'Eve' } },
    ]);
    const userId = globalId('User', eve.userId);
    const change = { workspaceId, userId, role: 'EDITOR' };
    expect((await studio.change(eve, 'setMemberRole', change)).problem.code).toBe('FORBIDDEN');
    expect((await studio.change(owner, 'setMemberRole', change, 'member { role }')).member).toEqual({ role: 'EDITOR' });
    const added = { ...change, userId: globalId('User', stranger.userId) };
    expect((await studio.change(owner, 'setMemberRole', added)).problem).toMatchObject({
      code: 'NOT_FOUND',
      field: 'userId',
    });
    const own = { workspaceId, userId: globalId('User', owner.userId) };
    expect((await studio.change(eve, 'removeMember', own)).problem.code).toBe('FORBIDDEN');
    expect((await studio.change(owner, 'removeMember', own)).problem.code).toBe('CONFLICT');
    expect((await studio.change(eve, 'removeMember', { workspaceId, userId }, 'removedId')).removedId).toBe(userId);
    expect(
      (await studio.run(eve, 'query ($id: ID!) { workspace(id: $id) { name } }', { id: workspaceId })).errors[0]!
        .extensions,
    ).toEqual({
      code: 'NOT_FOUND',
    });
    const { workspace: log } = await studio.data(
      owner,
      'query ($id: ID!) { workspace(id: $id) { auditLog(first: 10) { nodes { action actor { name } detail } } } }',
      { id: workspaceId },
    );
    expect(log.auditLog.nodes.map((entry: { action: string }) => entry.action)).toEqual([
      'member.remove',
      'member.role',
      'member.join',
      'member.invite',
    ]);
    expect(log.auditLog.nodes[1]).toMatchObject({ actor: { name: 'Olga' }, detail: { from: 'runner', to: 'editor' } });
  });

  it('are invited by owners; an invitation can be withdrawn', async () => {
    const owner = await studio.person('Otto');
    const workspace = await studio.workspace(owner, 'invitations');
    const editor = await studio.member(workspace, 'Edda', 'editor');
    const workspaceId = globalId('Workspace', workspace.id);
    const input = { workspaceId, email: 'new@example.org', role: 'VIEWER' };
    expect((await studio.change(editor, 'inviteMember', input)).problem.code).toBe('FORBIDDEN');
    const wrong = await studio.change(owner, 'inviteMember', { ...input, email: 'no address' });
    expect(wrong.problem).toMatchObject({ code: 'BAD_INPUT', field: 'email' });
    const { invitation } = await studio.change(owner, 'inviteMember', input, 'invitation { id }');
    const withdrawn = { workspaceId, invitationId: invitation.id };
    expect((await studio.change(owner, 'withdrawInvitation', withdrawn, 'withdrawnId')).withdrawnId).toBe(
      invitation.id,
    );
    expect((await studio.change(owner, 'withdrawInvitation', withdrawn)).problem.code).toBe('NOT_FOUND');
    const query = 'query ($id: ID!) { workspace(id: $id) { invitations { email } } }';
    expect((await studio.data(owner, query, { id: workspaceId })).workspace.invitations).toEqual([]);
    expect((await studio.run(editor, query, { id: workspaceId })).errors[0]!.extensions!.code).toBe('FORBIDDEN');
  });
});
