// Which models are used when none is named, and which settings go with them.
import type { PresetName } from '@tessera/engine';
import type { PocketModel } from '@tessera/pocket';

/** Comes with Tessera. */
export const DEFAULT_TOKENIZER = 'pocket-32' satisfies PocketModel;
const POCKET_CLIP = 'pocket-clip' satisfies PocketModel;
/** The paper's objective. */
const PAPER_CLIP = 'clip-vit-b-32-laion2b';

/** Image side that the pocket CLIP sees; pixels of its size are what it judges best. */
const POCKET_SIDE = 128;

export interface DefaultModels {
  readonly tokenizer: string;
  readonly clip: string;
}

/**
 * The models of a run from those that were named. The pocket tokenizer and plain pixels go with the pocket CLIP, which is always
 * there; the others know photos. Pixels without a size then have the pocket models'.
 */
export function defaultModels(tokenizer: string = DEFAULT_TOKENIZER, clip?: string): DefaultModels {
  if (clip !== undefined) return { tokenizer, clip };
  if (tokenizer === 'pixels') return { tokenizer: `pixels-${POCKET_SIDE}`, clip: POCKET_CLIP };
  const small = tokenizer === DEFAULT_TOKENIZER || /^pixels-\d+$/.test(tokenizer);
  return { tokenizer, clip: small ? POCKET_CLIP : PAPER_CLIP };
}

/** The pocket models have settings of their own; real checkpoints and plain pixels get the paper's. */
export function defaultPreset({ tokenizer, clip }: DefaultModels): PresetName {
  return tokenizer === DEFAULT_TOKENIZER && clip === POCKET_CLIP ? 'pocket' : 'paper';
}
