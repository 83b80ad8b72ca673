// Runs a plan that was written by hand or by a program. What is wrong with it is named by its field.
import { PlanError, parsePlan, parseSteering, type RunPlan } from '@tessera/engine';
import type { PlanRunFlags } from '../commands/run.ts';
import { InputError, UsageError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { againWith } from '../output/again.ts';
import { reporter } from '../output/report.ts';
import { fresh, type Images, type Planned, resumed } from '../run/prepare.ts';
import { readInput } from '../run/read-input.ts';
import { runPlanned, stemOf } from './optimise.ts';

/** Far more than 8 objectives and a live change at each of 20,000 steps take. */
const MAX_PLAN_BYTES = 16 * 1024 * 1024;

export async function runPlan(file: string | undefined, flags: PlanRunFlags): Promise<ExitCode> {
  const { image, mask, feather, fill, resume } = flags;
  const images: Images = {
    ...(image !== undefined && { image }),
    ...(mask !== undefined && { mask }),
    ...{ feather, fill, wholeWithoutMask: true },
  };
  const again = againWith('tessera run', flags);
  const stem = `${stemOf(file ?? resume)}-result`;
  return await inPlan(file, async () =>
    runPlanned(await planned(file, resume), { images, flags, stem, again, report: reporter(flags) }),
  );
}

async function planned(file: string | undefined, resume: string | undefined): Promise<Planned> {
  if (file !== undefined && resume !== undefined) {
    throw new UsageError('a checkpoint brings its plan: give a plan or --resume, not both');
  }
  if (resume !== undefined) return resumed(resume, { vq: true });
  if (file === undefined) throw new UsageError('a plan is needed: give a JSON file, or --resume CHECKPOINT');
  return fresh(planFrom(file, new TextDecoder().decode(await readInput(file, MAX_PLAN_BYTES))));
}

/** @throws InputError when it is no JSON, PlanError naming the field that is wrong */
function planFrom(file: string, json: string): RunPlan {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new InputError(file, `it is no JSON (${String(error)}); give a plan as in docs/cli.md`, { cause: error });
  }
  const plan = parsePlan(value);
  for (const [i, { change }] of plan.steering.entries()) {
    try {
      parseSteering(change, plan);
    } catch (error) {
      if (!(error instanceof PlanError)) throw error;
      const { path, message } = error;
      const problem = path ? message.slice(path.length + 2) : message;
      throw new PlanError([`steering.${i}.change`, path].filter(Boolean).join('.'), problem);
    }
  }
  return plan;
}

/** Complaints about a plan get its file's name and keep the field's own. */
async function inPlan<T>(file: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PlanError && file !== undefined) throw new InputError(file, error.message, { cause: error });
    throw error;
  }
}
