// What a result carries about its run: the engine's manifest, and how the command line used it.
import { type Manifest, parseManifest, type RunStatus } from '@tessera/engine';
import { readManifest, type SquareFit, sniff } from '@tessera/media';
import { InputError } from '../errors.ts';
import { inputFile } from './input-file.ts';
import { readInput } from './read-input.ts';

/** How images were brought to the tokenizer's size: what a replay of an inpainting has to do again. */
export interface Geometry {
  readonly fit: SquareFit;
  /** Only inpainting has a mask. */
  readonly feather?: number;
}

export interface RunRecord extends Manifest {
  readonly geometry: Geometry;
  /** A run that was stopped is replayed up to the same step. */
  readonly outcome: { readonly status: RunStatus; readonly steps: number };
}

/** Largest manifest, bytes: the start latents of 256 tokens take 350 kB. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The record inside a result PNG, or in a JSON file of its own. @throws InputError, PlanError */
export async function readRecord(file: string): Promise<RunRecord> {
  const bytes = await readInput(file, MAX_BYTES);
  const isPng = sniff(bytes)?.format === 'png';
  const json = isPng ? await inputFile(file, () => readManifest(bytes)) : new TextDecoder().decode(bytes);
  if (json === undefined) throw new InputError(file, 'this PNG carries no manifest; give a result of Tessera');
  const value = parseJson(file, json);
  return { ...parseManifest(value), ...usage(file, value) };
}

function parseJson(file: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new InputError(file, 'this is no manifest; give a result PNG of Tessera or its manifest as JSON', {
      cause: error,
    });
  }
}

const FITS: readonly string[] = ['crop', 'pad', 'stretch'] satisfies SquareFit[];
const STATUSES: readonly string[] = ['completed', 'cancelled', 'plateau', 'diverged'] satisfies RunStatus[];

/** A manifest from elsewhere says nothing of its use: then the image was cropped and the run completed. */
function usage(file: string, value: unknown): Pick<RunRecord, 'geometry' | 'outcome'> {
  const { geometry = { fit: 'crop' }, outcome = { status: 'completed', steps: 0 } } = value as Partial<RunRecord>;
  const feather = geometry.feather ?? 0;
  const sound =
    FITS.includes(geometry.fit) &&
    Number.isFinite(feather) &&
    STATUSES.includes(outcome.status) &&
    Number.isSafeInteger(outcome.steps);
  if (!sound) throw new InputError(file, 'its manifest was changed by hand; use the file as it was saved');
  return { geometry, outcome };
}
