// What a model folder holds: kind, config in normal form, checkpoint file, tokenizer files.
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ClipConfig, SiglipConfig, TiTokConfig, VqganConfig } from '../architectures.ts';
import type { CheckpointLimits } from '../checkpoints/limits.ts';
import { openCheckpoint } from '../checkpoints/open.ts';
import { deriveClipConfig, parseClipConfig } from './configs/clip.ts';
import { parseSiglipConfig } from './configs/siglip.ts';
import type { TensorNames } from './configs/tensors.ts';
import { parseTiTokConfig, type TiTokOptions } from './configs/titok.ts';
import { parseVqganConfig } from './configs/vqgan.ts';
import { ModelConfigError, UnknownArchitectureError } from './errors.ts';

export interface ResolveOptions extends TiTokOptions {
  /** Activation of a CLIP model, whatever its config says. */
  readonly activation?: ClipConfig['activation'];
}

interface FolderOptions extends ResolveOptions {
  /** Config to use when the folder has none. */
  readonly fallbackConfig?: Readonly<Record<string, unknown>>;
  readonly limits?: Partial<CheckpointLimits>;
}

/** Files of a text tokenizer, where the folder has them. */
export interface TokenizerFiles {
  /** `vocab.json` of whole words (pocket models). */
  readonly words?: string;
  /** `tokenizer.json` of a Hugging Face model. */
  readonly definition?: string;
}

interface Resolved<K extends string, C> {
  /** The id or path that was asked for. */
  readonly id: string;
  readonly kind: K;
  /** Real path of the folder. */
  readonly folder: string;
  readonly config: C;
  /** Real path of the weights; open it with `openCheckpoint`. */
  readonly checkpoint: string;
  readonly tokenizerFiles: TokenizerFiles;
}

export type ResolvedModel =
  | Resolved<'titok', TiTokConfig>
  | Resolved<'maskgit-vqgan', VqganConfig>
  | Resolved<'clip', ClipConfig>
  | Resolved<'siglip', SiglipConfig>;

/** Weight files in the order they are looked for; a folder with none of these may have one other weight file. */
const weightNames = [
  'model.safetensors',
  'open_clip_model.safetensors',
  'pytorch_model.bin',
  'open_clip_pytorch_model.bin',
];
const configNames = ['open_clip_config.json', 'config.json'];

/**
 * Reads a model folder, or a checkpoint file with its config beside it. Opens the checkpoint's header; reads no weights.
 * @throws UnknownArchitectureError, ModelConfigError, checkpoint errors
 */
export async function resolveFolder(id: string, path: string, o: FolderOptions): Promise<ResolvedModel> {
  const real = await realpath(path);
  const isFolder = (await stat(real)).isDirectory();
  const folder = isFolder ? real : dirname(real);
  const names = await readdir(folder);
  const checkpointPath = isFolder ? join(folder, weightFile(folder, names)) : real;
  using checkpoint = await openCheckpoint(checkpointPath, o.limits);
  const common = { id, folder, checkpoint: checkpoint.path, tokenizerFiles: await tokenizerFiles(folder, names) };
  const configName = configNames.find((name) => names.includes(name));
  const file = join(folder, configName ?? 'config.json');
  const json = configName ? await readJson(file) : o.fallbackConfig;
  const kind = json === undefined ? kindByTensors(folder, checkpoint) : kindByConfig(folder, json);
  switch (kind) {
    case 'titok':
      return { ...common, kind, config: parseTiTokConfig(file, json, notTextGuided(folder, checkpoint), o) };
    case 'maskgit-vqgan':
      return { ...common, kind, config: parseVqganConfig(file, json) };
    case 'siglip':
      return { ...common, kind, config: parseSiglipConfig(file, json) };
    case 'clip': {
      const config = json === undefined ? deriveClipConfig(file, checkpoint) : parseClipConfig(file, json);
      if (!checkpoint.tensors.has('visual.conv1.weight')) {
        throw new UnknownArchitectureError(
          folder,
          'its weights are a CLIP under other than open_clip parameter names (tensor visual.conv1.weight is missing)',
        );
      }
      return { ...common, kind, config: o.activation ? { ...config, activation: o.activation } : config };
    }
  }
}

function weightFile(folder: string, names: readonly string[]): string {
  const known = weightNames.find((name) => names.includes(name));
  if (known) return known;
  const others = names.filter((name) => /\.(safetensors|bin|pt|pth)$/.test(name) && !name.startsWith('.'));
  const [only] = others;
  if (only && others.length === 1) return only;
  if (names.some((name) => name.endsWith('.index.json')))
    throw new UnknownArchitectureError(folder, 'its weights are split over several files, which is not supported');
  throw new UnknownArchitectureError(
    folder,
    others.length === 0
      ? 'it holds no weights (such as model.safetensors)'
      : `it holds several weight files (${others.join(', ')}), give the path of one`,
  );
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new ModelConfigError(
      file,
      'content',
      `it is no JSON (${error instanceof SyntaxError ? 'bad syntax' : 'cannot be read'})`,
    );
  }
}

function kindByConfig(folder: string, json: unknown): ResolvedModel['kind'] {
  const has = (key: string, from: unknown = json): boolean =>
    typeof from === 'object' && from !== null && Object.hasOwn(from, key);
  const type = typeof json === 'object' && json !== null && 'model_type' in json ? json.model_type : undefined;
  if (type === 'siglip' || type === 'clip') return type;
  if (type === undefined) {
    if (typeof json === 'object' && json !== null && 'model' in json && has('vq_model', json.model)) return 'titok';
    if (has('vision_cfg') || has('model_cfg')) return 'clip';
    if (has('channel_mult') && has('z_channels')) return 'maskgit-vqgan';
  }
  const keys = typeof json === 'object' && json !== null ? Object.keys(json).slice(0, 5).join(', ') : typeof json;
  throw new UnknownArchitectureError(
    folder,
    type === undefined
      ? `its config is of no known form (${keys})`
      : `its config says model_type ${JSON.stringify(type)}`,
  );
}

function kindByTensors(folder: string, { tensors }: TensorNames): 'clip' {
  if (tensors.has('visual.conv1.weight') && tensors.has('token_embedding.weight')) return 'clip';
  throw new UnknownArchitectureError(
    folder,
    'it has no config.json or open_clip_config.json, and its tensors are not those of a CLIP',
  );
}

/** TA-TiTok has TiTok's config and an extra text input that nothing here gives. */
function notTextGuided<T extends TensorNames>(folder: string, checkpoint: T): T {
  if (checkpoint.tensors.has('decoder.text_guidance_proj.weight'))
    throw new UnknownArchitectureError(folder, 'it is a TA-TiTok, whose decoder needs a text');
  return checkpoint;
}

async function tokenizerFiles(folder: string, names: readonly string[]): Promise<TokenizerFiles> {
  const words =
    names.includes('vocab.json') && (await readFile(join(folder, 'vocab.json'), 'utf8')).includes('"<sot>"');
  return {
    ...(words ? { words: join(folder, 'vocab.json') } : {}),
    ...(names.includes('tokenizer.json') ? { definition: join(folder, 'tokenizer.json') } : {}),
  };
}
