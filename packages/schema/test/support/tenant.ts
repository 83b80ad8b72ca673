// A workspace with one of everything in it, made as its people would make it.
import { appendSteps, claimNext, completeUpload, createRun, createSweep, finishRun, type Workspace } from '@tessera/db';
import { parsePlan } from '@tessera/engine/plan';
import type { StepRecord } from '@tessera/protocol';
import type { Viewer } from '../../src/index.ts';
import { globalId, idOf, type NodeName } from '../../src/input-checks.ts';
import { plainPicture } from './pictures.ts';
import type { Studio } from './studio.ts';
import { TOY } from './toy-compute.ts';

export interface Tenant {
  readonly owner: Viewer & { readonly userId: string };
  readonly workspace: Workspace;
  /** Global ids. The run has steps 0 to 2 and is finished. */
  readonly ids: Readonly<Record<NodeName, string>>;
  /** Ids as the database has them: what must not show up in the answers of others. */
  readonly raw: readonly string[];
}

export const STEPS = 3;

export async function makeTenant(studio: Studio, name: string): Promise<Tenant> {
  const owner = await studio.person(name);
  const workspace = await studio.workspace(owner, name.toLowerCase());
  const workspaceId = globalId('Workspace', workspace.id);
  const made = async (mutation: string, input: object, path: string): Promise<string> => {
    const payload = await studio.change(owner, mutation, input, `${path} { id }`);
    if (payload.problem) throw new Error(`${mutation}: ${JSON.stringify(payload.problem)}`);
    return payload[path].id;
  };
  const session = await made('createSession', { workspaceId, name: `${name}'s session` }, 'session');
  const upload = await uploaded(studio, owner, workspaceId, 'SEED', await plainPicture([255, 0, 0]));
  const seed = await made('createSeed', { workspaceId, name: `${name}'s seed`, uploadId: upload }, 'seed');
  const maskUpload = await uploaded(studio, owner, workspaceId, 'MASK', await plainPicture([255, 255, 255]));
  const mask = await made('createMask', { seedId: seed, name: `${name}'s mask`, uploadId: maskUpload }, 'mask');
  const input = { workspaceId, email: `${name}-friend@example.org`, role: 'VIEWER' };
  const invitation = await made('inviteMember', input, 'invitation');
  const link = await made('createShareLink', { workspaceId, sessionId: session, access: 'VIEW' }, 'shareLink');
  const place = { workspaceId: workspace.id, userId: owner.userId, sessionId: idOf('Session', session, 'session') };
  const run = await finishedRun(studio, { ...place, seedId: idOf('Seed', seed, 'seed') }, name);
  const sweep = await sweepOf(studio, place, name);
  const runId = globalId('Run', run);
  const comment = await made(
    'addComment',
    { workspaceId, sessionId: session, runId, step: 1, body: `${name} says` },
    'comment',
  );
  const ids = {
    User: globalId('User', owner.userId),
    Workspace: workspaceId,
    Session: session,
    Invitation: invitation,
    ShareLink: link,
    Seed: seed,
    Mask: mask,
    Comment: comment,
    Run: runId,
    Sweep: globalId('Sweep', sweep),
    Upload: upload,
  };
  const raw = (Object.keys(ids) as NodeName[]).map((type) => idOf(type, ids[type], type));
  return { owner, workspace, ids, raw };
}

/** An upload with its file, as the page makes it. */
export async function uploaded(
  studio: Studio,
  viewer: Viewer,
  workspaceId: string,
  purpose: 'SEED' | 'MASK' | 'TOKENS',
  bytes: Uint8Array,
): Promise<string> {
  const { uploadId, url } = await studio.change(viewer, 'createUpload', { workspaceId, purpose }, 'uploadId url');
  await completeUpload(studio.database, url.replace('/uploads/', ''), bytes, 'application/octet-stream');
  return uploadId;
}

interface Place {
  readonly workspaceId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly seedId?: string;
}

const plan = (prompt: string) =>
  parsePlan({
    tokenizer: TOY.tokenizer,
    objectives: [{ kind: 'clip', model: TOY.clip, prompt }],
    iterations: STEPS,
    learningRate: 0.1,
    start: { kind: 'noise', sigma: 1 },
    seed: 1,
  });

const newRun = (name: string) => ({
  name: `${name}'s run`,
  config: { format: 'tessera-run-1', plan: plan(`${name}'s prompt`), origin: { kind: 'plan' } },
  prompts: [`${name}'s prompt`],
  tokenizer: TOY.tokenizer,
  tokens: { kind: 'indices' as const, positions: TOY.positions },
  iterations: STEPS,
});

async function finishedRun({ database }: Studio, place: Place, name: string): Promise<string> {
  const { id } = await createRun(database, { ...place, ...newRun(name) });
  const claim = await claimNext(database, { worker: 'test', capabilities: [] });
  if (claim?.run.id !== id) throw new Error('another run was claimed');
  const { fence } = claim.lease;
  await appendSteps(database, { runId: id, fence, steps: Array.from({ length: STEPS }, (_, step) => stepOf(step)) });
  const vector = Float32Array.of(1, 0, 0);
  await finishRun(database, id, fence, { status: 'completed', score: 0.5, embedding: { model: TOY.clip, vector } });
  return id;
}

function stepOf(step: number): StepRecord {
  return {
    step,
    loss: 1 - step / 10,
    regularisation: 0,
    terms: [{ kind: 'clip', loss: 1 - step / 10, weight: 1, similarity: step / 10 }],
    gradientNorms: new Float32Array(TOY.positions).fill(0.5),
    tokens: { kind: 'indices', data: Int32Array.from({ length: TOY.positions }, (_, i) => (i + step) % 64) },
    changed: step === 0 ? [] : [0],
    skipped: false,
    steering: [],
  };
}

/** Cancelled at once, so that no later claim takes its runs. */
async function sweepOf({ database }: Studio, { workspaceId, userId, sessionId }: Place, name: string): Promise<string> {
  const { sweep, runs } = await createSweep(database, {
    workspaceId,
    userId,
    sessionId,
    name: `${name}'s sweep`,
    axes: [{ path: 'seed', values: [1] }],
    runs: [{ cell: [0], run: newRun(name) }],
  });
  await database.client.queueEntry.deleteMany({ where: { workspaceId } });
  await database.client.run.updateMany({
    where: { id: { in: runs.map(({ id }) => id) } },
    data: { status: 'cancelled', finishedAt: new Date() },
  });
  return sweep.id;
}
