// Our four roles in the words of the accounts library: members and invitations are the owner's, as in the protocol's table.
import { ROLES, type Role } from '@tessera/protocol';
import { createAccessControl } from 'better-auth/plugins/access';
import { defaultStatements } from 'better-auth/plugins/organization/access';

const ac = createAccessControl(defaultStatements);

const owner = ac.newRole({
  organization: ['update', 'delete'],
  member: ['create', 'update', 'delete'],
  invitation: ['create', 'cancel'],
});
const none = ac.newRole({});

const roles = Object.fromEntries(ROLES.map((role) => [role, role === 'owner' ? owner : none])) as Record<
  Role,
  typeof owner
>;

export const WORKSPACE_ROLES = { ac, roles };
