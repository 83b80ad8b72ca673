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

type Start = Pick<Job, 'options' | 'given' | 'first'>;

/** What a run of `plan` starts from. @throws UsageError, InputError, errors of the engine */
export async function startOfRun(
  engine: Engine,
  tokenizer: LoadedTokenizer,
  plan: RunPlan,
  images: Images & Pick<RunFlags, 'fit'>,
  from: Checkpoint | undefined,
): Promise<Start> {
  const side = tokenizer.tokenizer.imageSize;
  const compares = plan.resetEvery > 0 || plan.objectives.some(({ kind }) => kind === 'l1' || kind === 'l2');
  const { image, mask, fit, feather = 0, fill = 'mean' } = images;
  if (compares && (image === undefined || mask === undefined)) {
    throw new UsageError('this run compares with an image: give the image and its --mask');
  }
  const masked =
    compares && image !== undefined && mask !== undefined
      ? await readMasked(image, mask, side, { fit, feather, fill })
      : undefined;
  const target: Target | undefined = masked && { image: masked.image, mask: masked.mask };
  const common = { ...(target && { target }) };
  if (from) return { options: { ...common, from } };
  if (plan.start.kind === 'noise') return { options: common };
  if (image === undefined) throw new UsageError('an image to start from is needed: give a JPEG, PNG or WebP file');
  const seed = masked?.seed ?? (await readSeed(image, side, fit));
  const encoded = await engine.encode(tokenizer, seed);
  return {
    options: { ...common, latents: latentsOf(plan, encoded) },
    given: frameOf(masked?.image ?? seed, side),
    first: await engine.decode(tokenizer, encoded.tokens),
  };
}

/** What is optimised: the encoder's output, or the quantised vectors. */
function latentsOf(plan: RunPlan, { latents, vectors }: Encoded): Float32Array {
  return plan.quantisation === 'before' ? vectors : latents;
}
