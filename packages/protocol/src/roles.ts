// What a member of a workspace may do: four roles, each including those after it.

export const ROLES = ['owner', 'editor', 'runner', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** What each right needs, and why. A right that is missing here cannot be asked for. */
export const RIGHTS = {
  view: { role: 'viewer', reason: 'see sessions, runs, seeds and comments' },
  comment: { role: 'viewer', reason: 'a viewer of a study may still point at a step' },
  run: { role: 'runner', reason: 'start, steer, fork, pause and cancel own runs; it uses the device' },
  edit: { role: 'editor', reason: 'change the shared document, seeds, masks and tags, cancel the runs of others' },
  share: { role: 'editor', reason: 'make share links, with no more rights than the maker has' },
  manage: { role: 'owner', reason: 'members, roles, links of others, retention, deletion' },
} as const satisfies Record<string, { readonly role: Role; readonly reason: string }>;

export type Right = keyof typeof RIGHTS;

export function isRole(value: string): value is Role {
  return (ROLES as readonly string[]).includes(value);
}

/** Whether a role includes a right. */
export function allows(role: Role, right: Right): boolean {
  return ROLES.indexOf(role) <= ROLES.indexOf(RIGHTS[right].role);
}

/** What a share link gives to whoever holds it. */
export const SHARE_ACCESS = ['view', 'edit'] as const;
export type ShareAccess = (typeof SHARE_ACCESS)[number];

/** The role that a share link stands for. */
export const SHARE_ROLES = { view: 'viewer', edit: 'editor' } as const satisfies Record<ShareAccess, Role>;
