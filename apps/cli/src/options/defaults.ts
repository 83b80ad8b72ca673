// Which models are used when none is named.
import type { PocketModel } from '@tessera/pocket';

/** Comes with Tessera. */
export const DEFAULT_TOKENIZER = 'pocket-32' satisfies PocketModel;
const POCKET_CLIP = 'pocket-clip' satisfies PocketModel;
/** The paper's objective. */
const PAPER_CLIP = 'clip-vit-b-32-laion2b';

/** The CLIP model that goes with a tokenizer: the pocket models know the same small world, the others photos. */
export function defaultClip(tokenizer: string): string {
  return tokenizer === DEFAULT_TOKENIZER ? POCKET_CLIP : PAPER_CLIP;
}
