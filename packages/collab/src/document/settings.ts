// The scalar parameters of a session: last writer wins, each with its check and its default.
import { LIMITS } from '@tessera/protocol';
import * as z from 'zod';

const share = z.number().min(0).max(1);
const positive = z.number().gt(0).max(1e6);
const notNegative = z.number().min(0).max(1e6);
const name = z.string().min(1).max(200);

/** Names follow the fields of a run plan. */
export const settingsSchema = z.strictObject({
  /** Model id of the tokenizer; null: the server's default. */
  tokenizer: name.nullable().default(null),
  /** Which preset the values came from; null once one of them was changed by hand. */
  preset: name.nullable().default(null),
  /** Id of the picture that is edited; null: start from noise. */
  seedId: name.nullable().default(null),
  iterations: z.number().int().min(0).max(LIMITS.iterations.value).default(300),
  learningRate: positive.default(0.1),
  noise: notNegative.default(0),
  regularisationWeight: notNegative.default(0),
  regularisationTowards: z.enum(['zero', 'seed']).default('zero'),
  ema: z.number().min(0).lt(1).default(0),
  /** Scale of the negative prompt. */
  cfg: notNegative.default(1),
  cropCount: z.number().int().min(0).max(64).default(0),
  cropFraction: z.number().gt(0).max(1).default(1),
  cropFlip: share.default(0),
  /** Seed of the random numbers. */
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  startFrom: z.enum(['seed', 'noise']).default('seed'),
  sigma: notNegative.default(1),
  quantisation: z.enum(['straight-through', 'before']).default('straight-through'),
  resetEvery: z.number().int().min(0).max(LIMITS.iterations.value).default(0),
  /** Steps between two readings of the independent meter, each a pass of another encoder; 0: none. */
  meterEvery: z.number().int().min(0).max(LIMITS.iterations.value).default(10),
  precision: z.enum(['fp32', 'fp16', 'int8']).default('fp32'),
  /** Standard deviation of the mask's soft edge, as a share of the shorter side. */
  maskFeather: z.number().min(0).max(0.25).default(0),
  maskInvert: z.boolean().default(false),
});

export type Settings = z.output<typeof settingsSchema>;
export type SettingName = keyof Settings;

export const SETTING_NAMES = Object.keys(settingsSchema.shape) as SettingName[];

export function isSettingName(key: string): key is SettingName {
  return Object.hasOwn(settingsSchema.shape, key);
}
