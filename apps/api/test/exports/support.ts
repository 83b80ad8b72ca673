// A finished run in a real database, and an engine whose pictures show their first token.
import { createHash } from 'node:crypto';
import {
  appendSteps,
  claimNext,
  createRun,
  createUser,
  createWorkspace,
  type Database,
  finishRun,
  type Run,
} from '@tessera/db';
import { encodeFrame } from '@tessera/media';
import type { StepRecord, TokenData } from '@tessera/protocol';
import type { Services } from '@tessera/schema';

export const POSITIONS = 4;
const SIDE = 16;

export const tokensAt = (step: number): number[] => Array.from({ length: POSITIONS }, (_, p) => (step * (p + 1)) % 250);

export function stepAt(step: number, kind: TokenData['kind'] = 'indices'): StepRecord {
  const values = tokensAt(step);
  return {
    step,
    // A skipped step now and then has no loss.
    loss: step % 10 === 3 ? Number.NaN : Math.fround(1 / (step + 1)),
    regularisation: Math.fround(0.125 * step),
    terms: [{ kind: 'clip', loss: Math.fround(-0.1 * step), weight: 1, similarity: Math.fround(0.1 * step) }],
    gradientNorms: new Float32Array(POSITIONS).fill(0.5),
    tokens:
      kind === 'indices'
        ? { kind, data: Int32Array.from(values) }
        : { kind, data: Float32Array.from([...values, ...values], (value) => value / 8) },
    changed: [],
    ...(step % 5 === 0 && { score: Math.fround(step / 100) }),
    skipped: step % 10 === 3,
    steering: [],
  };
}

/** Decodes a batch as a worker would; remembers the size of each. */
export function toyCompute(batches: number[] = []): Services['compute'] {
  const absent = () => Promise.reject(new Error('not needed here'));
  return {
    models: async () => [],
    async decode(_tokenizer, tokens, { size = SIDE, format = 'webp' } = {}) {
      batches.push(tokens.length);
      return Promise.all(
        tokens.map(async ({ data }) => {
          const pixels = new Uint8Array(SIDE * SIDE * 3).fill(data[0]!);
          const bytes = await encodeFrame({ width: SIDE, height: SIDE, data: pixels }, { format, size });
          const sha256 = createHash('sha256').update(bytes).digest('hex');
          return { bytes, contentType: `image/${format}`, width: size, height: size, sha256 };
        }),
      );
    },
    encode: absent,
    embedTexts: absent,
    embedPictures: absent,
    perturb: absent,
  };
}

export const MANIFEST = {
  format: 'tessera-manifest-1',
  tokenizer: { id: 'toy', sha256: 'a'.repeat(64) },
  note: 'ärger 🦊',
};

let people = 0;

export async function finishedRun(
  database: Database,
  steps: number,
  kind: TokenData['kind'] = 'indices',
  { manifest = true } = {},
): Promise<Run> {
  const name = `ada-${people++}`;
  const { id: userId } = await createUser(database, { name, email: `${name}@example.org` });
  const { id: workspaceId } = await createWorkspace(database, { name, slug: name, ownerId: userId });
  const objectives = [{ kind: 'clip', model: 'toy-clip', prompt: 'a fox' }];
  const made = await createRun(database, {
    workspaceId,
    userId,
    name: 'Füchse im Schnee!',
    config: { format: 'tessera-run-1', plan: { seed: 7, objectives }, origin: { kind: 'plan' } },
    prompts: ['a fox'],
    tokenizer: 'toy',
    tokens: { kind, positions: POSITIONS, channels: kind === 'vectors' ? 2 : 0 },
    iterations: steps,
  });
  const claim = await claimNext(database, { worker: 'test', capabilities: [] });
  if (claim?.run.id !== made.id) throw new Error('another run was claimed');
  const { fence } = claim.lease;
  for (let from = 0; from < steps; from += 64) {
    const batch = Array.from({ length: Math.min(64, steps - from) }, (_, i) => stepAt(from + i, kind));
    const checkpoint = { step: from + batch.length, data: Uint8Array.of(1, 2, 3, from % 256) };
    await appendSteps(database, {
      runId: made.id,
      fence,
      steps: batch,
      checkpoint,
      ...(manifest && { manifest: MANIFEST }),
    });
  }
  return finishRun(database, made.id, fence, { status: 'completed' });
}
