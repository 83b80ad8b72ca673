// The models that come with Tessera: trained by us on emoji scenes, small enough for a repository. See models/MODEL_CARD.md.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = (name: string): string => join(dirname(fileURLToPath(import.meta.url)), '..', 'models', name);

/** Folders of the embedded models by id. */
export const POCKET_MODELS = {
  'pocket-32': folder('tokenizer'),
  'pocket-clip': folder('clip'),
  'pocket-siglip': folder('siglip'),
} as const;

export type PocketModel = keyof typeof POCKET_MODELS;
