// A run plan: everything that decides what a run computes. Plain JSON, validated once, kept in the manifest.
import * as z from 'zod';
import { PlanError } from './errors.ts';

/** Largest numbers a plan may ask for, with their reasons. */
export const LIMITS = {
  /** Steps; the reference's default is 600, sweeps go to a few thousand. */
  iterations: 20_000,
  /** Crops per step; memory and time grow with them, the paper uses 8. */
  crops: 64,
  /** Characters of a prompt; text encoders read 77 tokens at most. */
  promptLength: 2_000,
  /** Weighted objectives in one run. */
  objectives: 8,
} as const;

const finite = (what: string) => z.number({ error: `must be a finite number (${what})` });
const nonNegative = (what: string) => finite(what).min(0, `must not be negative (${what})`);

/** Control characters other than line breaks and tabs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: naming them is the point
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

const prompt = z
  .string()
  .max(LIMITS.promptLength, `is longer than ${LIMITS.promptLength} characters`)
  .refine((text) => text.trim().length > 0, 'is empty; describe what the image should show')
  .refine((text) => !CONTROL.test(text), 'contains control characters; plain text is needed');

const cropsSchema = z.strictObject({
  /** Random crops per step; 0 shows the objective the whole image. */
  count: z.number().int().min(0).max(LIMITS.crops),
  /** Side of a crop as a share of the image's side. */
  fraction: finite('share of the side').gt(0).max(1),
  /** Probability of a horizontal flip. */
  flip: finite('probability').min(0).max(1),
});

export type Crops = z.infer<typeof cropsSchema>;

const weight = finite('weight of the objective');

const clipObjective = z.strictObject({
  kind: z.literal('clip'),
  model: z.string().min(1),
  prompt,
  negativePrompt: prompt.nullable().default(null),
  /** loss = -s(prompt) + (cfg - 1) s(negativePrompt) */
  cfg: nonNegative('scale of the negative prompt').default(1),
  weight: weight.default(1),
  crops: cropsSchema.default({ count: 8, fraction: 0.875, flip: 0.5 }),
});

const siglipObjective = z.strictObject({
  kind: z.literal('siglip'),
  model: z.string().min(1),
  prompt,
  weight: weight.default(1),
  crops: cropsSchema.default({ count: 8, fraction: 0.875, flip: 0.5 }),
});

const pixelObjective = <K extends string>(kind: K) =>
  z.strictObject({ kind: z.literal(kind), weight: weight.default(1) });

const objectiveSchema = z.discriminatedUnion('kind', [
  clipObjective,
  siglipObjective,
  pixelObjective('l1'),
  pixelObjective('l2'),
]);

export type ObjectiveSpec = z.infer<typeof objectiveSchema>;
export type ObjectiveKind = ObjectiveSpec['kind'];

const iterations = z
  .number()
  .int('must be a whole number')
  .min(0, 'must not be negative')
  .max(LIMITS.iterations, `must be at most ${LIMITS.iterations}`);
const learningRate = finite('learning rate').gt(0, 'must be above 0');
const noise = nonNegative('noise');
const ema = finite('decay').min(0, 'must not be negative').lt(1, 'must be below 1');
const regularisation = z.strictObject({ weight: nonNegative('weight'), towards: z.enum(['zero', 'seed']) });

/** Ascending, so that one choice of positions is written in one way. How many there are, the tokenizer says. */
const lockedPositions = z
  .array(z.number().int('must be a whole number').min(0, 'must not be negative'))
  .superRefine((positions, issues) => {
    positions.forEach((position, i) => {
      if (i === 0 || position > positions[i - 1]!) return;
      const message =
        position === positions[i - 1] ? `is ${position} again; name a position once` : 'must be in ascending order';
      issues.addIssue({ code: 'custom', path: [i], message });
    });
  });

/** What may change between two steps of a running run. Objectives are addressed by their index. */
export const steeringSchema = z.strictObject({
  learningRate: learningRate.optional(),
  noise: noise.optional(),
  ema: ema.optional(),
  regularisation: regularisation.optional(),
  iterations: iterations.optional(),
  lockedPositions: lockedPositions.optional(),
  objectives: z
    .array(
      z.strictObject({
        index: z.number().int().min(0),
        weight: weight.optional(),
        prompt: prompt.optional(),
        negativePrompt: prompt.nullable().optional(),
        cfg: nonNegative('scale').optional(),
      }),
    )
    .optional(),
});

export const planSchema = z.strictObject({
  /** Model id, or a folder; 'pixels' optimises the image itself (the adversarial baseline of Table 1). */
  tokenizer: z.string().min(1),
  objectives: z.array(objectiveSchema).min(1, 'names no objective').max(LIMITS.objectives),
  iterations,
  learningRate,
  /** Where the tokens start: from the given image or tokens, or from N(0, sigma^2). */
  start: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('seed') }),
    z.strictObject({ kind: z.literal('noise'), sigma: nonNegative('standard deviation') }),
  ]),
  /** Optimise the encoder's output and quantise inside each step, or the already quantised vectors ("w/o VQ", Table 3). */
  quantisation: z.enum(['straight-through', 'before']).default('straight-through'),
  /** A continuous tokenizer's tokens: the mean, or a sample per step. */
  vae: z.enum(['mean', 'sample']).default('mean'),
  /** Standard deviation of the noise added to the tokens before each step, times a schedule that ends at 2/3 of the run. */
  noise: noise.default(0),
  regularisation: regularisation.default({ weight: 0, towards: 'zero' }),
  /** Decay of the moving average of the tokens that is shown and kept; 0 shows the tokens themselves. */
  ema: ema.default(0),
  /**
   * Token positions that keep the token they start with: no update, noise, reset or average touches them. A run from noise
   * keeps the noise it drew there. One that is locked on the way (a live change, a fork) keeps the token shown at that step.
   */
  lockedPositions: lockedPositions.default([]),
  /** Inpainting: every so many steps decode, put the known pixels back, encode again. 0 never does. */
  resetEvery: z.number().int().min(0).default(0),
  /** Stop early when the mean loss of the last `window` steps improved on that of the window before by less than `minImprovement`. */
  plateau: z
    .strictObject({ window: z.number().int().min(2), minImprovement: nonNegative('improvement') })
    .nullable()
    .default(null),
  /** An independent score of the shown image; `stopAfter` falling checks in a row end the run (0: only reported). */
  meter: z
    .strictObject({
      model: z.string().min(1),
      prompt: prompt.nullable().default(null),
      every: z.number().int().min(1),
      stopAfter: z.number().int().min(0).default(0),
    })
    .nullable()
    .default(null),
  /** A frame with every so many events (the last step always has one); 0 sends tokens only. */
  frameEvery: z.number().int().min(0).default(1),
  /** Seed of noise, crops and flips. */
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  /**
   * Arithmetic of the step. 'int8', on the CPU only: the transformers' matrix products round weights (per channel) and
   * activations to 8 bits, forward and backward. The gradient at the tokens then has a cosine of 0.99 with that of fp32
   * (docs/performance.md). What is shown and scored is always computed in fp32.
   */
  precision: z.enum(['fp32', 'fp16', 'int8']).default('fp32'),
  /** Live changes at given steps, as recorded in a manifest; a live run appends to it. */
  steering: z
    .array(z.strictObject({ step: z.number().int().min(0), change: z.lazy(() => steeringSchema) }))
    .default([]),
});

export type RunPlan = z.output<typeof planSchema>;
export type RunPlanInput = z.input<typeof planSchema>;
export type Steering = z.infer<typeof steeringSchema>;

/** @throws PlanError naming the first field that is wrong */
export function parseAs<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new PlanError(issue.path.join('.'), issue.message);
}

/** The plan with every default filled in. @throws PlanError naming the first field that is wrong. */
export function parsePlan(value: unknown): RunPlan {
  return parseAs(planSchema, value);
}
