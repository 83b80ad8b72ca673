// Everything a run needs to go on as if it had never stopped. Random draws need no state: they are functions of the step.
import { parseSafetensors, type TensorData, writeSafetensors } from '@tessera/models';
import { CheckpointError } from '../errors.ts';
import type { Tokens } from '../events.ts';
import { parsePlan, type RunPlan } from '../plan.ts';
import type { AdamState } from './adam.ts';

export interface Checkpoint {
  /** The next step to run. */
  readonly step: number;
  /** The plan as it stands, live changes applied and recorded. */
  readonly plan: RunPlan;
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
  /** Loss of every step that was not skipped, for the plateau rule. */
  readonly losses: readonly number[];
  /** The meter's best value so far, and its falling checks in a row. */
  readonly meter: { readonly best: number | null; readonly falling: number };
  readonly lossScale: number;
  readonly cleanSteps: number;
  readonly skipped: number;
  readonly skippedInARow: number;
}

/** What goes into the file's metadata as JSON; the rest are its tensors. */
type Header = Omit<Checkpoint, 'latents' | 'average' | 'start' | 'adam' | 'shown'> & { readonly updates: number };

const FORMAT = 'tessera-checkpoint-1';

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
  const header: Header = { ...rest, updates: adam.updates };
  return writeSafetensors(tensors, { format: FORMAT, state: JSON.stringify(header) });
}

/** @throws CheckpointError when the bytes are no checkpoint of ours */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  try {
    const file = parseSafetensors(bytes);
    if (file.metadata.get('format') !== FORMAT) throw new Error(`its format is not ${FORMAT}`);
    const { updates, plan, ...state } = JSON.parse(file.metadata.get('state') ?? '') as Header;
    const shown: Tokens | undefined = file.tensors.has('shown.indices')
      ? { kind: 'indices', data: file.readIntegers('shown.indices') }
      : file.tensors.has('shown.vectors')
        ? { kind: 'vectors', data: file.read('shown.vectors') }
        : undefined;
    return {
      ...state,
      plan: parsePlan(plan),
      latents: file.read('latents'),
      average: file.read('average'),
      start: file.read('start'),
      adam: { m: file.read('m'), v: file.read('v'), updates },
      shown,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CheckpointError(`This is no run checkpoint: ${reason}`);
  }
}
