// The options that edit, generate and inpaint share: what they are called, what they mean, and their types.
import type { PresetName } from '@tessera/engine';
import type { SquareFit } from '@tessera/media';
import type { ProviderChoice } from '@tessera/runtime';
import { type Command, Option } from 'commander';
import { locks, type MeterChoice, meter, number, plateau, positive, whole } from './values.ts';

// Repeated here, so that a wrong option is answered without loading the engine; a test compares them with the engine's.
export const PRESET_NAMES = ['plain', 'reference', 'paper', 'pocket'] as const satisfies readonly PresetName[];
export const PROVIDER_NAMES = [
  'auto',
  'cpu',
  'cuda',
  'tensorrt',
  'webgpu',
] as const satisfies readonly ProviderChoice[];

/** Where and how models run. */
export interface EngineFlags {
  readonly provider: ProviderChoice;
  readonly threads?: number;
  readonly device?: number;
}

/** How much is said, and in which form. */
export interface ReportFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Where results go. */
export interface OutputFlags {
  readonly out?: string;
  readonly gif?: boolean;
  readonly mp4?: boolean;
  readonly webm?: boolean;
  readonly webp?: boolean;
  readonly sheet?: boolean;
  readonly tokens?: string;
  readonly checkpoint?: string;
  readonly checkpointEvery?: number;
  readonly force?: boolean;
}

/** What decides on the plan; undefined means: as the preset, the manifest or the checkpoint has it. */
export interface PlanFlags {
  readonly prompt?: string;
  readonly negative?: string;
  readonly cfg?: number;
  readonly tokenizer?: string;
  readonly clip?: string;
  readonly clipWeight?: number;
  readonly siglip?: string;
  readonly siglipWeight?: number;
  readonly preset?: PresetName;
  readonly iterations?: number;
  readonly lr?: number;
  readonly noise?: number;
  readonly reg?: number;
  readonly regTo?: 'zero' | 'seed';
  readonly ema?: number;
  readonly lock?: readonly number[];
  readonly crops?: number;
  readonly cropFraction?: number;
  readonly flip?: number;
  readonly seed?: number;
  readonly precision?: 'fp32' | 'fp16' | 'int8';
  /** False after --no-vq; commander sets true without it. */
  readonly vq: boolean;
  readonly vae?: 'mean' | 'sample';
  readonly plateau?: { readonly window: number; readonly minImprovement: number };
  readonly meter?: MeterChoice;
  readonly frameEvery?: number;
  readonly resume?: string;
  readonly manifest?: string;
  /** generate */
  readonly sigma?: number;
  /** inpaint */
  readonly resetEvery?: number;
  readonly l1Weight?: number;
}

export type RunFlags = EngineFlags & ReportFlags & OutputFlags & PlanFlags & { readonly fit: SquareFit };

export function addEngineOptions(command: Command): Command {
  return command
    .optionsGroup('Engine:')
    .addOption(
      new Option('--provider <name>', 'where the model runs; auto takes the best that works')
        .choices(PROVIDER_NAMES)
        .default('auto'),
    )
    .option('--threads <n>', 'CPU threads', positive)
    .option('--device <n>', 'number of the GPU', whole);
}

export function addReportOptions(command: Command): Command {
  return command
    .optionsGroup('Reporting:')
    .option('--json', 'one JSON object per line on standard output: step, result, error')
    .option('--quiet', 'say nothing but the files written and errors');
}

export function addFitOption(command: Command): Command {
  return command.addOption(
    new Option('--fit <how>', 'how an image becomes the square the model reads')
      .choices(['crop', 'pad', 'stretch'])
      .default('crop'),
  );
}

export function addOutputOptions(command: Command): Command {
  return command
    .optionsGroup('Results:')
    .option('-o, --out <file|folder>', 'result PNG, or the folder for all results (default: here, with a free name)')
    .option('--gif', 'also the run as GIF')
    .option('--webp', 'also the run as animated WebP')
    .option('--webm', 'also the run as WebM')
    .option('--mp4', 'also the run as MP4')
    .option('--sheet', 'also a contact sheet of the run')
    .option('--tokens <file>', 'token history of the run: .npz, .safetensors or .json')
    .option('--checkpoint <file>', 'state at the end, to resume from')
    .option('--checkpoint-every <n>', 'write the checkpoint also every so many steps', positive)
    .option('--force', 'write over existing files');
}

export function addPlanOptions(command: Command): Command {
  return command
    .optionsGroup('Objective:')
    .option('-p, --prompt <text>', 'what the image should show')
    .option('--negative <text>', 'what it should not show; needs --cfg above 1')
    .option('--cfg <x>', 'scale of the negative prompt', number)
    .option('--clip <model>', 'CLIP model, id or folder; "none" leaves it out')
    .option('--clip-weight <x>', 'its weight', number)
    .option('--siglip <model>', 'SigLIP model as a further objective')
    .option('--siglip-weight <x>', 'its weight', number)
    .option('--crops <n>', 'random crops per step; 0 shows the whole image', whole)
    .option('--crop-fraction <x>', "side of a crop as a share of the image's", number)
    .option('--flip <x>', 'probability of a horizontal flip', number)
    .option('--meter <model[,every[,stop]]>', 'independent score; ends the run after so many falls in a row', meter)
    .optionsGroup('Optimisation:')
    .option('--tokenizer <model>', 'image tokenizer, id or folder (default: pocket-32)')
    .addOption(
      new Option(
        '--preset <name>',
        'settings to start from (default: pocket for the pocket models, else paper)',
      ).choices(PRESET_NAMES),
    )
    .option('--iterations <n>', 'steps; 0 gives the reconstruction of the seed', whole)
    .option('--lr <x>', 'learning rate', number)
    .option('--noise <x>', 'token noise at the start', number)
    .option('--reg <x>', 'weight of the token regularisation', number)
    .addOption(new Option('--reg-to <anchor>', 'what it pulls towards').choices(['zero', 'seed']))
    .option('--ema <x>', 'decay of the moving average of the tokens', number)
    .option('--lock <positions>', 'tokens that stay as they start, such as 0,4-7; "none" frees all', locks)
    .option('--seed <n>', 'seed of noise, crops and flips (default: 0)', whole)
    .addOption(new Option('--precision <p>', 'arithmetic of the step').choices(['fp32', 'fp16', 'int8']))
    .option('--no-vq', 'optimise the quantised vectors and never quantise again')
    .addOption(new Option('--vae <how>', "a continuous tokenizer's tokens").choices(['mean', 'sample']))
    .option('--plateau <window,least>', 'stop when the mean loss of a window improves by less', plateau)
    .option('--frame-every <n>', 'decode a frame every so many steps', whole)
    .optionsGroup('Going on:')
    .option('--resume <checkpoint>', 'go on from a checkpoint; other options given here change it')
    .option('--manifest <file>', 'take all settings from a manifest or a result PNG');
}
