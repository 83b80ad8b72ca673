// For every mutation an input that would be accepted, and the least role that may send it: what tests of refusals spoil.
import type { Role } from '@tessera/protocol';
import type { Tenant } from './tenant.ts';
import { TOY } from './toy-compute.ts';

export interface Accepted {
  readonly input: Record<string, unknown>;
  /** `person`: anybody who is signed in. `local`: nobody with an account. */
  readonly least: Role | 'person' | 'local';
}

/** `uploads`: ids of uploads that hold what their mutation needs. */
export function validInputs(
  { ids }: Tenant,
  uploads: { readonly mask: string; readonly tokens: string },
): Record<string, Accepted> {
  const { Workspace: workspaceId, Session: sessionId, Run: runId, Seed: seedId, Comment: commentId } = ids;
  const plan = { objectives: [{ kind: 'CLIP', prompt: 'a fox' }], start: { kind: 'NOISE', sigma: 1 } };
  return {
    createWorkspace: { least: 'person', input: { name: 'new' } },
    pullModel: { least: 'local', input: { model: 'toy-absent', repair: false } },
    cancelModelPull: { least: 'local', input: { model: 'toy-absent' } },
    verifyModel: { least: 'local', input: { model: 'toy' } },
    inviteMember: { least: 'owner', input: { workspaceId, email: 'x@example.org', role: 'VIEWER' } },
    acceptInvitation: { least: 'person', input: { invitationId: ids.Invitation } },
    withdrawInvitation: { least: 'owner', input: { workspaceId, invitationId: ids.Invitation } },
    setMemberRole: { least: 'owner', input: { workspaceId, userId: ids.User, role: 'OWNER' } },
    removeMember: { least: 'owner', input: { workspaceId, userId: ids.User } },
    createShareLink: { least: 'editor', input: { workspaceId, sessionId, access: 'VIEW' } },
    revokeShareLink: { least: 'owner', input: { workspaceId, shareLinkId: ids.ShareLink } },
    createSession: { least: 'editor', input: { workspaceId, name: 'new', from: sessionId, idempotencyKey: 'a' } },
    updateSession: { least: 'editor', input: { sessionId, name: 'other' } },
    deleteSession: { least: 'owner', input: { sessionId } },
    pushDocument: { least: 'editor', input: { sessionId, update: 'AAA=' } },
    editSession: { least: 'editor', input: { sessionId, prompt: 'x', negativePrompt: 'y' } },
    showPresence: { least: 'viewer', input: { sessionId, clientId: 'tab', colour: '#123456', runId } },
    leaveSession: { least: 'viewer', input: { sessionId, clientId: 'tab' } },
    addComment: { least: 'viewer', input: { workspaceId, sessionId, runId, body: 'x', replyTo: commentId } },
    updateComment: { least: 'editor', input: { commentId, resolved: true } },
    deleteComment: { least: 'owner', input: { commentId } },
    createUpload: { least: 'editor', input: { workspaceId, purpose: 'SEED' } },
    createSeed: { least: 'editor', input: { workspaceId, name: 'new', tags: ['a'], uploadId: ids.Upload } },
    updateSeed: { least: 'editor', input: { seedId, name: 'other' } },
    deleteSeed: { least: 'editor', input: { seedId } },
    createMask: { least: 'editor', input: { seedId, name: 'new', uploadId: uploads.mask } },
    deleteMask: { least: 'editor', input: { maskId: ids.Mask } },
    importTokens: {
      least: 'editor',
      input: { workspaceId, uploadId: uploads.tokens, tokenizer: TOY.tokenizer, name: 'new' },
    },
    startRun: { least: 'runner', input: { workspaceId, sessionId, seedId, plan, name: 'new', idempotencyKey: 'a' } },
    cancelRun: { least: 'runner', input: { runId } },
    cancelMyRuns: { least: 'runner', input: { workspaceId } },
    pauseRun: { least: 'runner', input: { runId } },
    resumeRun: { least: 'runner', input: { runId } },
    steerRun: { least: 'runner', input: { runId, change: { learningRate: 0.5 } } },
    forkRun: { least: 'runner', input: { runId, step: 1, name: 'new', idempotencyKey: 'b' } },
    mergeRuns: {
      least: 'runner',
      input: { base: { runId, step: 1 }, other: { runId, step: 2 }, positions: [0], name: 'new' },
    },
    pasteTokens: { least: 'runner', input: { runId, step: 1, tokens: [{ position: 0, token: 1 }], name: 'new' } },
    updateRun: { least: 'runner', input: { runId, name: 'other' } },
    deleteRun: { least: 'runner', input: { runId } },
    createSweep: {
      least: 'runner',
      input: { workspaceId, sessionId, plan, name: 'new', axes: [{ path: 'seed', values: [1, 2] }] },
    },
  };
}
