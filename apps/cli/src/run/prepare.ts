// From files and options to a job: the plan, what it starts from, and what it is compared with.
import {
  type Checkpoint,
  decodeCheckpoint,
  type Encoded,
  type Engine,
  type LoadedTokenizer,
  type RunPlan,
  type Target,
} from '@tessera/engine';
import { InputError, UsageError } from '../errors.ts';
import { changedPlan, newPlan, type Task } from '../options/plan.ts';
import type { RunFlags } from '../options/run-flags.ts';
import type { Job } from './execute.ts';
import { readInput } from './read-input.ts';
import { readRecord } from './record.ts';
import { frameOf, type MaskOptions, readMasked, readSeed } from './seed.ts';

/** The images of a task. */
export interface Images {
  readonly image?: string;
  readonly mask?: string;
  readonly feather?: number;
  readonly fill?: MaskOptions['fill'];
}

/** Adam's two moments, the average and the start of 256 tokens are under a megabyte; plans are small. */
const MAX_CHECKPOINT_BYTES = 256 * 1024 * 1024;

/** The plan that the options ask for, and the checkpoint to go on from. @throws UsageError, InputError, PlanError */
export async function planOf(task: Task, flags: RunFlags): Promise<{ plan: RunPlan; from?: Checkpoint }> {
  if (flags.resume !== undefined && flags.manifest !== undefined) {
    throw new UsageError('--resume and --manifest both bring a plan: give one of them');
  }
  if (flags.resume !== undefined) {
    const from = await readCheckpoint(flags.resume);
    return { from, plan: changedPlan(from.plan, flags) };
  }
  if (flags.manifest !== undefined) return { plan: changedPlan((await readRecord(flags.manifest)).plan, flags) };
  return { plan: newPlan(task, flags) };
}

async function readCheckpoint(file: string): Promise<Checkpoint> {
  const bytes = await readInput(file, MAX_CHECKPOINT_BYTES);
  try {
    return decodeCheckpoint(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(file, `${reason}; give a file written with --checkpoint`, { cause: error });
  }
}

/** Images as arrays of the tokenizer's size. */
export interface Inputs {
  readonly seed?: Float32Array;
  readonly target?: Target;
  /** The image as it was given, [3, S, S]. */
  readonly given?: Float32Array;
}

/** Reads what a run of `plan` needs; no engine has to run for it. @throws UsageError, InputError */
export async function readInputs(
  { tokenizer }: LoadedTokenizer,
  plan: RunPlan,
  { image, mask, fit, feather = 0, fill = 'mean' }: Images & Pick<RunFlags, 'fit'>,
  from: Checkpoint | undefined,
): Promise<Inputs> {
  const side = tokenizer.imageSize;
  if (plan.resetEvery > 0 || plan.objectives.some(({ kind }) => kind === 'l1' || kind === 'l2')) {
    if (image === undefined || mask === undefined) {
      throw new UsageError('this run compares with an image: use tessera inpaint IMAGE --mask MASK');
    }
    const masked = await readMasked(image, mask, side, { fit, feather, fill });
    return { seed: masked.seed, given: masked.image, target: { image: masked.image, mask: masked.mask } };
  }
  if (from || plan.start.kind === 'noise') return {};
  if (image === undefined) throw new UsageError('an image to start from is needed: give a JPEG, PNG or WebP file');
  const seed = await readSeed(image, side, fit);
  return { seed, given: seed };
}

/** What a run starts from. @throws errors of the engine */
export async function startOfRun(
  engine: Engine,
  tokenizer: LoadedTokenizer,
  plan: RunPlan,
  { seed, target, given }: Inputs,
  from: Checkpoint | undefined,
): Promise<Pick<Job, 'options' | 'given' | 'first'>> {
  const compared = target ? { target } : {};
  if (from) return { options: { ...compared, from } };
  if (plan.start.kind === 'noise' || !seed) return { options: compared };
  const encoded = await engine.encode(tokenizer, seed);
  return {
    options: { ...compared, latents: latentsOf(plan, encoded) },
    ...(given && { given: frameOf(given, tokenizer.tokenizer.imageSize) }),
    first: await engine.decode(tokenizer, encoded.tokens),
  };
}

/** What is optimised: the encoder's output, or the quantised vectors. */
function latentsOf(plan: RunPlan, { latents, vectors }: Encoded): Float32Array {
  return plan.quantisation === 'before' ? vectors : latents;
}
