// The object types that others point at, before their fields are known: files that need each other import only these.
import type {
  AuditEntry,
  Comment,
  Invitation,
  Mask,
  Member,
  Run,
  Seed,
  ShareLink,
  StudioSession,
  Sweep,
  User,
  Workspace,
} from '@tessera/db';
import { builder } from './builder.ts';

export const UserRef = builder.objectRef<User>('User');
export const WorkspaceRef = builder.objectRef<Workspace>('Workspace');
export const MemberRef = builder.objectRef<Member & { readonly workspaceId: string }>('Member');
export const InvitationRef = builder.objectRef<Invitation>('Invitation');
export const ShareLinkRef = builder.objectRef<ShareLink>('ShareLink');
export const AuditEntryRef = builder.objectRef<AuditEntry>('AuditEntry');
export const SessionRef = builder.objectRef<StudioSession>('Session');
export const CommentRef = builder.objectRef<Comment>('Comment');
export const SeedRef = builder.objectRef<Seed>('Seed');
export const MaskRef = builder.objectRef<Mask>('Mask');
export const RunRef = builder.objectRef<Run>('Run');
export const SweepRef = builder.objectRef<Sweep>('Sweep');

export const SessionConnection = builder.connectionObject(
  { type: SessionRef, name: 'SessionConnection' },
  { name: 'SessionEdge' },
);
export const SeedConnection = builder.connectionObject({ type: SeedRef, name: 'SeedConnection' }, { name: 'SeedEdge' });
export const CommentConnection = builder.connectionObject(
  { type: CommentRef, name: 'CommentConnection' },
  { name: 'CommentEdge' },
);
export const AuditConnection = builder.connectionObject(
  { type: AuditEntryRef, name: 'AuditConnection' },
  { name: 'AuditEdge' },
);
