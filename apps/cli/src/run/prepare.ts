// From files and options to a job: the plan, what it starts from, and what it is compared with.
import { isDeepStrictEqual } from 'node:util';
import {
  type Checkpoint,
  decodeCheckpoint,
  type Encoded,
  type Engine,
  type LoadedTokenizer,
  planAt,
  type RunPlan,
  type Target,
} from '@tessera/engine';
import { InputError, UsageError } from '../errors.ts';
import { changedPlan, newPlan, type Task } from '../options/plan.ts';
import type { PlanFlags, RunFlags } from '../options/run-flags.ts';
import type { Job } from './execute.ts';
import { readInput } from './read-input.ts';
import { readRecord } from './record.ts';
import { frameOf, type MaskOptions, readMasked, readSeed, readWhole } from './seed.ts';

/** The images of a task. */
export interface Images {
  readonly image?: string;
  readonly mask?: string;
  readonly feather?: number;
  readonly fill?: MaskOptions['fill'];
  /** Compare with the whole image where no mask is given. */
  readonly wholeWithoutMask?: boolean;
}

/** Adam's two moments, the average and the start of 256 tokens are under a megabyte; plans are small. */
const MAX_CHECKPOINT_BYTES = 256 * 1024 * 1024;

export interface Planned {
  readonly plan: RunPlan;
  /** The plan in force at the first step: live changes of a run that goes on are applied. */
  readonly now: RunPlan;
  readonly from?: Checkpoint;
}

/** The plan that the options ask for, and the checkpoint to go on from. @throws UsageError, InputError, PlanError */
export async function planOf(task: Task, flags: RunFlags): Promise<Planned> {
  if (flags.resume !== undefined && flags.manifest !== undefined) {
    throw new UsageError('--resume and --manifest both bring a plan: give one of them');
  }
  if (flags.resume !== undefined) return resumed(flags.resume, flags);
  return fresh(
    flags.manifest === undefined ? newPlan(task, flags) : changedPlan((await readRecord(flags.manifest)).plan, flags),
  );
}

/** A plan that starts at its first step. */
export function fresh(plan: RunPlan): Planned {
  return { plan, now: planAt({ plan, step: 0 }) };
}

/** Going on from a checkpoint: options change the plan in force there; without any, the run goes on as it was planned. */
export async function resumed(file: string, flags: PlanFlags): Promise<Planned> {
  const read = await readCheckpoint(file);
  // How often frames are decoded changes nothing in a run; it must not count as a change of its plan.
  const frameEvery = flags.frameEvery ?? read.plan.frameEvery;
  const from = { ...read, plan: { ...read.plan, frameEvery } };
  const before = planAt(from);
  const now = changedPlan(before, flags);
  return { plan: isDeepStrictEqual(now, before) ? from.plan : now, now, from };
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
  { image, mask, fit, feather = 0, fill = 'mean', wholeWithoutMask = false }: Images & Pick<RunFlags, 'fit'>,
  from: Checkpoint | undefined,
): Promise<Inputs> {
  const side = tokenizer.imageSize;
  if (plan.resetEvery > 0 || plan.objectives.some(({ kind }) => kind === 'l1' || kind === 'l2')) {
    if (image === undefined || (mask === undefined && !wholeWithoutMask)) {
      const how = wholeWithoutMask ? 'give it with --image' : 'use tessera inpaint IMAGE --mask MASK';
      throw new UsageError(`this run compares with an image: ${how}`);
    }
    const masked =
      mask === undefined
        ? await readWhole(image, side, fit)
        : await readMasked(image, mask, side, { fit, feather, fill });
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
