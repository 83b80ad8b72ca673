// Options to a run plan: a preset, a manifest or a checkpoint, with what was given on the command line laid over it.
import { parsePlan, presetFor, type RunPlan, type RunPlanInput } from '@tessera/engine';
import { UsageError } from '../errors.ts';
import { defaultModels, defaultPreset } from './defaults.ts';
import type { PlanFlags } from './run-flags.ts';

export type Task = 'edit' | 'generate' | 'inpaint';

/** Steps of generation from noise with the paper's settings; the other presets keep their own. Source: paper section 5.5. */
const SCRATCH_ITERATIONS = 400;
/** Steps between token resets of inpainting. */
const RESET_EVERY = 50;
/** Share of a prompt beside the L1 loss over the known region: it may colour the hole, not fight the rest. */
const INPAINT_CLIP_WEIGHT = 0.1;

/** @throws UsageError, PlanError */
export function newPlan(task: Task, flags: PlanFlags): RunPlan {
  const models = defaultModels(flags.tokenizer, flags.clip);
  const { tokenizer, clip } = models;
  const { preset = defaultPreset(models) } = flags;
  const { crops, ...settings } = presetFor(preset, task === 'generate' ? 'noise' : 'seed');
  const objectives: RunPlanInput['objectives'] = [];
  if (task === 'inpaint') objectives.push({ kind: 'l1', weight: flags.l1Weight ?? 1 });
  if (flags.prompt === undefined && task !== 'inpaint') {
    throw new UsageError(`a prompt is needed: say what the image should show with --prompt "..."`);
  }
  if (flags.prompt !== undefined) {
    const { prompt } = flags;
    if (clip !== 'none') {
      objectives.push({
        kind: 'clip',
        model: clip,
        prompt,
        crops,
        weight: task === 'inpaint' ? INPAINT_CLIP_WEIGHT : 1,
      });
    }
    if (flags.siglip !== undefined) objectives.push({ kind: 'siglip', model: flags.siglip, prompt, crops });
    if (objectives.length === 0) throw new UsageError('--clip none leaves no objective: name another with --siglip');
  }
  const base = parsePlan({
    ...settings,
    tokenizer,
    objectives,
    ...(task === 'generate' && preset === 'paper' && { iterations: SCRATCH_ITERATIONS }),
    start: task === 'generate' ? { kind: 'noise', sigma: 1 } : { kind: 'seed' },
    resetEvery: task === 'inpaint' ? RESET_EVERY : 0,
    seed: 0,
  });
  return changedPlan(base, { ...flags, tokenizer });
}

/** The plan with every option that was given laid over it. @throws PlanError */
export function changedPlan(plan: RunPlan, flags: PlanFlags): RunPlan {
  const set = <K extends keyof RunPlan>(key: K, value: RunPlan[K] | undefined) =>
    value === undefined ? {} : { [key]: value };
  return parsePlan({
    ...plan,
    objectives: plan.objectives.map((objective) => changedObjective(objective, flags)),
    ...set('tokenizer', flags.tokenizer),
    ...set('iterations', flags.iterations),
    ...set('learningRate', flags.lr),
    ...set('noise', flags.noise),
    ...set('ema', flags.ema),
    ...set('lockedPositions', flags.lock && [...flags.lock]),
    ...set('seed', flags.seed),
    ...set('precision', flags.precision),
    ...set('vae', flags.vae),
    ...set('plateau', flags.plateau),
    ...set('frameEvery', flags.frameEvery),
    ...set('resetEvery', flags.resetEvery),
    ...set('meter', flags.meter && { ...flags.meter, prompt: null }),
    ...(flags.vq ? {} : { quantisation: 'before' }),
    ...(flags.sigma !== undefined && { start: { kind: 'noise', sigma: flags.sigma } }),
    regularisation: {
      weight: flags.reg ?? plan.regularisation.weight,
      towards: flags.regTo ?? plan.regularisation.towards,
    },
  });
}

function changedObjective(objective: RunPlan['objectives'][number], flags: PlanFlags): object {
  if (objective.kind === 'l1' || objective.kind === 'l2') {
    return { ...objective, weight: flags.l1Weight ?? objective.weight };
  }
  const common = {
    ...objective,
    prompt: flags.prompt ?? objective.prompt,
    crops: {
      count: flags.crops ?? objective.crops.count,
      // A run that looks at the whole image has no use for the preset's fraction of 1 once crops are asked for.
      fraction: flags.cropFraction ?? (flags.crops && !objective.crops.count ? 0.875 : objective.crops.fraction),
      flip: flags.flip ?? objective.crops.flip,
    },
  };
  if (objective.kind === 'siglip') {
    return { ...common, model: flags.siglip ?? objective.model, weight: flags.siglipWeight ?? objective.weight };
  }
  return {
    ...common,
    model: flags.clip ?? objective.model,
    weight: flags.clipWeight ?? objective.weight,
    negativePrompt: flags.negative ?? objective.negativePrompt,
    cfg: flags.cfg ?? objective.cfg,
  };
}
