// Every checkpoint of the paper: where it is published, under which licence, how large it is, and what is known of its hashes.
// A hash or commit stands here only if several independent public sources agree on it. Otherwise `main` is followed once: the
// first pull records the commit and the hub's hashes in the model's lock file, and they are held to ever after.
import { nearestNames } from '../checkpoints/nearest.ts';
import { UnknownModelError } from './errors.ts';

export type ModelKind = 'titok' | 'maskgit-vqgan' | 'clip' | 'siglip';

export interface ModelFile {
  /** Path in the repository and in the store. */
  readonly path: string;
  /** Exact size in bytes, where it is known. */
  readonly bytes?: number;
  /** SHA-256, where it is known. */
  readonly sha256?: string;
  /** A file the model can do without, because the registry has its content. */
  readonly optional?: boolean;
}

export interface ModelEntry {
  readonly id: string;
  /** Name in the paper. */
  readonly name: string;
  readonly kind: ModelKind;
  /** Hub repository; undefined for a model that is part of this repository. */
  readonly repo?: string;
  /** A commit, or `main` where no commit is established. */
  readonly revision: string;
  readonly files: readonly ModelFile[];
  /** The config file to write when the repository has none. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Activation the weights need, whatever their published config says (OpenAI's CLIP was trained with QuickGELU). */
  readonly activation?: 'quick_gelu';
  readonly licence: string;
  /** Download size in bytes; from the parameter count of the architecture where no exact size is known. */
  readonly bytes: number;
  readonly bytesAreExact: boolean;
  /** Part of this repository: always there. */
  readonly embedded: boolean;
}

type Size = 'small' | 'base' | 'large';

interface TiTokFacts {
  readonly id: string;
  readonly repo: string;
  readonly encoder: Size;
  readonly decoder: Size;
  readonly tokens: number;
  readonly bytes: number;
  readonly form: 'vq4k' | 'vq8k' | 'vae';
}

/** Quantiser settings of the three published families (1D repository, configs/infer/TiTok). */
const forms = {
  vq4k: { codebook_size: 4096, token_size: 12, use_l2_norm: true, commitment_cost: 0.25, finetune_decoder: true },
  vq8k: {
    codebook_size: 8192,
    token_size: 64,
    use_l2_norm: false,
    commitment_cost: 0.25,
    finetune_decoder: false,
    is_legacy: false,
  },
  vae: { quantize_mode: 'vae', token_size: 16, finetune_decoder: false, is_legacy: false },
} as const;

function titok({ id, repo, encoder, decoder, tokens, bytes, form }: TiTokFacts): ModelEntry {
  const vq_model = {
    ...forms[form],
    vit_enc_model_size: encoder,
    vit_dec_model_size: decoder,
    vit_enc_patch_size: 16,
    vit_dec_patch_size: 16,
    num_latent_tokens: tokens,
  };
  return {
    id,
    name: id.toUpperCase(),
    kind: 'titok',
    repo,
    revision: 'main',
    files: [{ path: 'model.safetensors' }, { path: 'config.json', optional: true }],
    config: { model: { vq_model }, dataset: { preprocessing: { crop_size: 256 } } },
    licence: 'Apache-2.0 (trained on ImageNet, for research)',
    bytes,
    bytesAreExact: false,
    embedded: false,
  };
}

export const models: readonly ModelEntry[] = [
  {
    id: 'pocket-32',
    name: 'Pocket tokenizer',
    kind: 'titok',
    revision: 'embedded',
    licence: 'MIT',
    bytes: 10_300_000,
    bytesAreExact: false,
    embedded: true,
    files: [{ path: 'model.safetensors' }, { path: 'config.json' }],
  },
  {
    id: 'pocket-clip',
    name: 'Pocket CLIP',
    kind: 'clip',
    revision: 'embedded',
    licence: 'MIT',
    bytes: 6_100_000,
    bytesAreExact: false,
    embedded: true,
    files: [{ path: 'model.safetensors' }, { path: 'open_clip_config.json' }, { path: 'vocab.json' }],
  },
  {
    id: 'pocket-siglip',
    name: 'Pocket SigLIP, the second scorer',
    kind: 'siglip',
    revision: 'embedded',
    licence: 'MIT',
    bytes: 6_700_000,
    bytesAreExact: false,
    embedded: true,
    files: [{ path: 'model.safetensors' }, { path: 'config.json' }, { path: 'vocab.json' }],
  },
  titok({
    id: 'vq-ll-32',
    repo: 'yucornetto/tokenizer_titok_l32_imagenet',
    encoder: 'large',
    decoder: 'large',
    tokens: 32,
    form: 'vq4k',
    bytes: 2_564_000_000,
  }),
  titok({
    id: 'vq-bb-64',
    repo: 'yucornetto/tokenizer_titok_b64_imagenet',
    encoder: 'base',
    decoder: 'base',
    tokens: 64,
    form: 'vq4k',
    bytes: 819_000_000,
  }),
  titok({
    id: 'vq-s-128',
    repo: 'yucornetto/tokenizer_titok_s128_imagenet',
    encoder: 'small',
    decoder: 'small',
    tokens: 128,
    form: 'vq4k',
    bytes: 335_000_000,
  }),
  titok({
    id: 'vq-bl-64',
    repo: 'yucornetto/tokenizer_titok_bl64_vq8k_imagenet',
    encoder: 'base',
    decoder: 'large',
    tokens: 64,
    form: 'vq8k',
    bytes: 1_560_000_000,
  }),
  titok({
    id: 'vq-bl-128',
    repo: 'yucornetto/tokenizer_titok_bl128_vq8k_imagenet',
    encoder: 'base',
    decoder: 'large',
    tokens: 128,
    form: 'vq8k',
    bytes: 1_561_000_000,
  }),
  titok({
    id: 'vq-sl-256',
    repo: 'yucornetto/tokenizer_titok_sl256_vq8k_imagenet',
    encoder: 'small',
    decoder: 'large',
    tokens: 256,
    form: 'vq8k',
    bytes: 1_321_000_000,
  }),
  titok({
    id: 'vae-ll-32',
    repo: 'yucornetto/tokenizer_titok_ll32_vae_c16_imagenet',
    encoder: 'large',
    decoder: 'large',
    tokens: 32,
    form: 'vae',
    bytes: 2_428_000_000,
  }),
  titok({
    id: 'vae-bl-64',
    repo: 'yucornetto/tokenizer_titok_bl64_vae_c16_imagenet',
    encoder: 'base',
    decoder: 'large',
    tokens: 64,
    form: 'vae',
    bytes: 1_558_000_000,
  }),
  titok({
    id: 'vae-bl-128',
    repo: 'yucornetto/tokenizer_titok_bl128_vae_c16_imagenet',
    encoder: 'base',
    decoder: 'large',
    tokens: 128,
    form: 'vae',
    bytes: 1_558_000_000,
  }),
  {
    id: 'maskgit-vqgan',
    name: 'MaskGIT-VQGAN',
    kind: 'maskgit-vqgan',
    repo: 'fun-research/TiTok',
    revision: 'main',
    licence: 'Apache-2.0',
    bytes: 216_000_000,
    bytesAreExact: false,
    embedded: false,
    files: [{ path: 'maskgit-vqgan-imagenet-f16-256.bin' }],
    config: {
      channel_mult: [1, 1, 2, 2, 4],
      num_resolutions: 5,
      hidden_channels: 128,
      num_channels: 3,
      num_res_blocks: 2,
      resolution: 256,
      z_channels: 256,
      num_embeddings: 1024,
      embedding_dim: 256,
    },
  },
  {
    id: 'clip-vit-b-32-laion2b',
    name: 'CLIP ViT-B/32 laion2b_s34b_b79k',
    kind: 'clip',
    repo: 'laion/CLIP-ViT-B-32-laion2B-s34B-b79K',
    revision: '1a25a446712ba5ee05982a381eed697ef9b435cf',
    licence: 'MIT',
    bytes: 605_143_316,
    bytesAreExact: true,
    embedded: false,
    files: [
      {
        path: 'open_clip_model.safetensors',
        bytes: 605_143_316,
        sha256: 'ac4f8c4b88af6d963118cbf40ad93176d092abbedfcb752601ae1866352656e6',
      },
      { path: 'open_clip_config.json' },
    ],
  },
  {
    id: 'clip-vit-b-32-openai',
    name: 'CLIP ViT-B/32 OpenAI (QuickGELU)',
    kind: 'clip',
    repo: 'timm/vit_base_patch32_clip_224.openai',
    revision: 'a6f597a30f7b82c51704746581f9a4e41421e878',
    activation: 'quick_gelu',
    licence: 'MIT (OpenAI), Apache-2.0 (as published)',
    bytes: 605_143_284,
    bytesAreExact: true,
    embedded: false,
    files: [
      {
        path: 'open_clip_model.safetensors',
        bytes: 605_143_284,
        sha256: 'e6d1bd7789aa45192b3bf90570a789b478bae1b74ebcce7eddd908e83a2b7c31',
      },
      { path: 'open_clip_config.json' },
    ],
  },
  {
    id: 'siglip-base-patch16-224',
    name: 'SigLIP ViT-B/16 224',
    kind: 'siglip',
    repo: 'google/siglip-base-patch16-224',
    revision: '7fd15f0689c79d79e38b1c2e2e2370a7bf2761ed',
    licence: 'Apache-2.0',
    bytes: 815_072_109,
    bytesAreExact: true,
    embedded: false,
    files: [
      {
        path: 'model.safetensors',
        bytes: 812_672_320,
        sha256: '2c63cb7d1f2e95ba501893cbb8faeb4ea9a3af295498d35097126228659c2af8',
      },
      { path: 'config.json', bytes: 432, sha256: 'cd85b3d28829722820bcb89a2cfbb4160e55fd359249a3044da724166a8d9688' },
      { path: 'tokenizer.json', bytes: 2_399_357 },
    ],
  },
];

/** A model by its id, its name in the paper or its hub repository, whatever the case. */
export function findModel(name: string, registry: readonly ModelEntry[] = models): ModelEntry | undefined {
  const wanted = name.toLowerCase();
  return registry.find((m) => m.id === wanted || m.name.toLowerCase() === wanted || m.repo?.toLowerCase() === wanted);
}

/** The error for a name that is no model, naming the most similar ids. */
export function unknownModel(name: string, registry: readonly ModelEntry[] = models): UnknownModelError {
  return new UnknownModelError(
    name,
    nearestNames(
      name.toLowerCase(),
      registry.map((m) => m.id),
    ),
  );
}

/** @throws UnknownModelError */
export function requireModel(name: string, registry: readonly ModelEntry[] = models): ModelEntry {
  const entry = findModel(name, registry);
  if (!entry) throw unknownModel(name, registry);
  return entry;
}
