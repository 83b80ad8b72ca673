// The demo edit: a picture that comes with Tessera towards night, and what to try next.
import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DemoFlags } from '../commands/demo.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { shellWord } from '../output/words.ts';
import { outputError } from '../output/write.ts';
import { optimise } from './optimise.ts';

const SEEDS = fileURLToPath(new URL('../../assets/seeds/', import.meta.url));
const SEED = 'fox-beach-day.png';
const PROMPT = 'a fox at night';

export async function demo(flags: DemoFlags): Promise<ExitCode> {
  const { out, json, quiet } = flags;
  const image = await placeSeed(out);
  const talk = !json && !quiet;
  if (talk) process.stderr.write(`Editing ${image} towards "${PROMPT}"\n`);
  const code = await optimise(
    'edit',
    { image },
    { ...flags, out: `${out}/`, prompt: PROMPT, regTo: 'seed', webp: true, sheet: true, vq: true, fit: 'crop' },
    `tessera edit ${shellWord(image)}`,
  );
  if (code === EXIT.ok && talk) process.stdout.write(`${nextSteps(image)}\n`);
  return code;
}

/** Copies the picture beside the results, where the next command finds it. */
async function placeSeed(folder: string): Promise<string> {
  const image = join(folder, SEED);
  try {
    await mkdir(folder, { recursive: true });
    if (!existsSync(image)) await copyFile(join(SEEDS, SEED), image);
  } catch (error) {
    throw outputError(image, error);
  }
  return image;
}

function nextSteps(image: string): string {
  const run = process.env.npm_lifecycle_event === undefined ? 'tessera' : 'npm run tessera --';
  return `
Try next:
  ${run} edit ${shellWord(image)} --prompt "a fox in snow" --gif
  ${run} generate --prompt "a yellow banana on a beach"
  ${run} --help`;
}
