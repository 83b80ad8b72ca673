// The pictures of a run: its seed and mask from the database as arrays of the tokenizer's size.
import { type Database, getBlob, getMask, getSeed, NotFoundError, type Run } from '@tessera/db';
import type { RunPlan, Target } from '@tessera/engine';
import { MediaError, maskToSquare, readImage, readMask, toSquare } from '@tessera/media';
import { RunInputError } from './failure.ts';

export interface RunPictures {
  /** Where the run starts, [3, S, S] in 0..1; under a mask that will be generated, the mean colour of what is known. */
  readonly image?: Float32Array;
  /** What pixel objectives and resets compare with. */
  readonly target?: Target;
}

export interface PicturesNeeded {
  readonly image: boolean;
  readonly target: boolean;
}

/** Whether a plan compares with a reference picture. */
export function needsTarget(plan: RunPlan): boolean {
  return plan.resetEvery > 0 || plan.objectives.some(({ kind }) => kind === 'l1' || kind === 'l2');
}

/** @throws RunInputError for a seed or mask that is missing or no picture; errors of the database */
export async function readPictures(
  database: Database,
  run: Pick<Run, 'workspaceId' | 'seedId' | 'maskId'>,
  side: number,
  needed: PicturesNeeded,
): Promise<RunPictures> {
  if (!needed.image && !needed.target) return {};
  const { workspaceId, seedId, maskId } = run;
  if (seedId === null) {
    throw new RunInputError(
      'SEED_MISSING',
      'The run needs a seed picture and has none; choose one and start it again.',
    );
  }
  const picture = await seedPicture(database, workspaceId, seedId);
  const image = await toSquare(picture, side);
  if (!needed.target) return { image };
  const target = { image, mask: await maskOf(database, workspaceId, maskId, picture, side) };
  return needed.image ? { image: filled(target), target } : { target };
}

type Picture = Awaited<ReturnType<typeof readImage>>;

async function seedPicture(database: Database, workspaceId: string, seedId: string): Promise<Picture> {
  const bytes = await present('SEED_MISSING', 'seed picture', async () => {
    const { blobId } = await getSeed(database, workspaceId, seedId);
    return getBlob(database, workspaceId, blobId);
  });
  return readable('SEED_UNREADABLE', 'seed picture', () => readImage(bytes));
}

/** [1, S, S]; without a mask the whole picture is known. */
async function maskOf(
  database: Database,
  workspaceId: string,
  maskId: string | null,
  picture: Picture,
  side: number,
): Promise<Float32Array> {
  if (maskId === null) return new Float32Array(side * side);
  const bytes = await present('MASK_MISSING', 'mask', async () => {
    const { blobId } = await getMask(database, workspaceId, maskId);
    return getBlob(database, workspaceId, blobId);
  });
  const painted = await readable('MASK_UNREADABLE', 'mask', () => readMask(bytes, picture));
  return maskToSquare(painted, picture, side);
}

async function present(
  code: 'SEED_MISSING' | 'MASK_MISSING',
  what: string,
  read: () => ReturnType<typeof getBlob>,
): Promise<Uint8Array> {
  const gone = `The ${what} of the run is not there any more; choose another and start the run again.`;
  try {
    const { data } = await read();
    if (data) return data;
  } catch (cause) {
    if (cause instanceof NotFoundError) throw new RunInputError(code, gone, { cause });
    throw cause;
  }
  throw new RunInputError(code, gone);
}

async function readable<T>(
  code: 'SEED_UNREADABLE' | 'MASK_UNREADABLE',
  what: string,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof MediaError) throw new RunInputError(code, `The ${what}: ${cause.message}.`, { cause });
    throw cause;
  }
}

/** The picture with its hole, softly, in the mean colour of the rest: what was there must not show through. */
function filled({ image, mask }: Target): Float32Array {
  const plane = mask.length;
  const known = mask.reduce((sum, m) => sum + 1 - m, 0);
  const mean = [0, 1, 2].map((c) =>
    known === 0 ? 0.5 : mask.reduce((sum, m, i) => sum + (1 - m) * image[c * plane + i]!, 0) / known,
  );
  return image.map((x, i) => x + mask[i % plane]! * (mean[Math.floor(i / plane)]! - x));
}
