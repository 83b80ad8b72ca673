// Everything a run needs to go on as if it had never stopped. Random draws need no state: they are functions of the step.

import { parseSafetensors, type TensorData, writeSafetensors } from '@tessera/models';
import * as z from 'zod';
import { CheckpointError } from '../errors.ts';
import type { Tokens } from '../events.ts';
import { planSchema, type RunPlan } from '../plan.ts';
import type { AdamState } from './adam.ts';

export interface Checkpoint {
  /** The next step to run. */
  readonly step: number;
  /** The plan as given, with every live change recorded at its step. */
  readonly plan: RunPlan;
  /** Where the run was forked from another, when that changed more than a live change can. */
  readonly origin: { readonly step: number; readonly checkpoint: string } | null;
  /** Most lanes the run shared a step with, itself included. */
  readonly lanes: number;
  /** SHA-256 of the tokenizer the latents belong to. */
  readonly tokenizer: string;
  /** What is optimised, [tokens, channels]. */
  readonly latents: Float32Array;
  readonly adam: Readonly<AdamState>;
  readonly average: Float32Array;
  readonly averageUpdates: number;
  /** Where the run started: the anchor of regularisation towards the seed. */
  readonly start: Float32Array;
  /** The shown tokens of the last event; undefined before the first. */
  readonly shown: Tokens | undefined;
  /** The last losses, as many as the plateau rule looks at. */
  readonly losses: readonly number[];
  /** The meter's best value so far, and its falling checks in a row. */
  readonly meter: { readonly best: number | null; readonly falling: number };
  readonly lossScale: number;
  readonly cleanSteps: number;
  readonly skipped: number;
  readonly skippedInARow: number;
}

/** What goes into the file's metadata as JSON; the arrays are its tensors. */
const headerSchema = z.object({
  step: z.number().int().min(0),
  plan: planSchema,
  origin: z.object({ step: z.number().int(), checkpoint: z.string() }).nullable(),
  lanes: z.number().int().min(1),
  tokenizer: z.string(),
  averageUpdates: z.number().int().min(0),
  updates: z.number().int().min(0),
  losses: z.array(z.number()),
  meter: z.object({ best: z.number().nullable(), falling: z.number().int() }),
  lossScale: z.number().positive(),
  cleanSteps: z.number().int().min(0),
  skipped: z.number().int().min(0),
  skippedInARow: z.number().int().min(0),
});

const FORMAT = 'tessera-checkpoint-1';
const ARRAYS = ['latents', 'start', 'average', 'm', 'v'] as const;

/** A checkpoint as a safetensors file. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { latents, average, start, adam, shown, ...rest } = checkpoint;
  const arrays = {
    latents,
    average,
    start,
    m: adam.m,
    v: adam.v,
    ...(shown && { [`shown.${shown.kind}`]: shown.data }),
  };
  const tensors: Record<string, TensorData> = {};
  for (const [name, data] of Object.entries(arrays)) tensors[name] = { shape: [data.length], data };
  const header: z.input<typeof headerSchema> = { ...rest, losses: [...rest.losses], updates: adam.updates };
  return writeSafetensors(tensors, { format: FORMAT, state: JSON.stringify(header) });
}

/** @throws CheckpointError when the bytes are no checkpoint of ours, or damaged */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  try {
    using file = parseSafetensors(bytes);
    if (file.metadata.get('format') !== FORMAT) throw new Error(`its format is not ${FORMAT}`);
    const { updates, ...state } = headerSchema.parse(JSON.parse(file.metadata.get('state') ?? ''));
    const { length } = file.read('latents');
    const [latents, start, average, m, v] = ARRAYS.map((name) => {
      const array = file.read(name);
      if (array.length !== length) throw new Error(`${name} has ${array.length} numbers, latents have ${length}`);
      return array;
    }) as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
    const shown: Tokens | undefined = file.tensors.has('shown.indices')
      ? { kind: 'indices', data: file.readIntegers('shown.indices') }
      : file.tensors.has('shown.vectors')
        ? { kind: 'vectors', data: file.read('shown.vectors') }
        : undefined;
    return { ...state, latents, start, average, adam: { m, v, updates }, shown };
  } catch (error) {
    throw new CheckpointError(`This is no run checkpoint: ${reasonOf(error)}.`);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return `${error.issues[0]!.path.join('.')} ${error.issues[0]!.message}`;
  return error instanceof Error ? error.message : String(error);
}
