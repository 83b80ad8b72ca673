// The first words of a command that goes on with a run: everything its checkpoint does not hold.
import type { SquareFit } from '@tessera/media';
import { shellWord } from './words.ts';

export interface RunImages {
  readonly image?: string | undefined;
  readonly mask?: string | undefined;
  readonly feather?: number | undefined;
  readonly fit: SquareFit;
}

/** @param command such as `tessera run`; the images are named by options */
export function againWith(command: string, { image, mask, feather = 0, fit }: RunImages): string {
  return [
    command,
    ...(image === undefined ? [] : [`--image ${shellWord(image)}`]),
    ...(mask === undefined ? [] : [`--mask ${shellWord(mask)} --feather ${feather}`]),
    ...(fit === 'crop' ? [] : [`--fit ${fit}`]),
  ].join(' ');
}
