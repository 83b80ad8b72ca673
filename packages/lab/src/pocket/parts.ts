// What can be measured, and which parts of the models folder each measurement reads.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { MissingPartsError } from './errors.ts';

export const MEASUREMENTS = ['reconstruction', 'zero-shot', 'edits'] as const;
export type Measurement = (typeof MEASUREMENTS)[number];

const MODEL = {
  tokenizer: ['tokenizer/config.json', 'tokenizer/model.safetensors'],
  clip: ['clip/open_clip_config.json', 'clip/model.safetensors', 'clip/vocab.json'],
  judge: ['judge/config.json', 'judge/model.safetensors'],
};
const BENCHMARK = ['benchmark/scenes.json', 'benchmark/scenes.png'];
const EDITING = [...MODEL.tokenizer, ...MODEL.clip, ...MODEL.judge];

/** What the command can be asked to do. */
export type Work = Measurement | 'sweep';

const NEEDED: Readonly<Record<Work, readonly string[]>> = {
  reconstruction: [...MODEL.tokenizer, ...BENCHMARK],
  'zero-shot': [...MODEL.tokenizer, ...MODEL.clip, 'clip/captions.json', ...BENCHMARK],
  edits: [...EDITING, ...BENCHMARK],
  sweep: [...EDITING, 'benchmark/tuning.json', 'benchmark/tuning.png'],
};

/** Whether a file of the models folder is there. */
export async function has(folder: string, part: string): Promise<boolean> {
  return access(join(folder, part)).then(
    () => true,
    () => false,
  );
}

/** @throws MissingPartsError naming every absent file that the work reads */
export async function requireParts(folder: string, work: readonly Work[]): Promise<void> {
  const parts = [...new Set(work.flatMap((name) => NEEDED[name]))];
  const there = await Promise.all(parts.map((part) => has(folder, part)));
  const missing = parts.filter((_, i) => !there[i]);
  if (missing.length) throw new MissingPartsError(folder, missing);
}
