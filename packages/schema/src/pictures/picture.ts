// A picture as clients see it: an address that shows it without asking again, and its bytes only where they are wanted.
import { builder } from '../builder.ts';
import { COMPUTE_COST } from '../cost.ts';
import { checkWhole } from '../input-checks.ts';
import type { PictureSubject } from './render.ts';

/** What the picture shows; a page that was rendered already may be given with it. */
export interface PictureSource {
  readonly subject: PictureSubject;
}

/** Larger ones are fetched by their address. px. */
const INLINE_SIDE = 256;

/** A page that was left open asks again within a day; an address that was passed on is worth nothing after two. s. */
const PICTURE_SECONDS = 86_400;

export const PictureRef = builder.objectRef<PictureSource>('Picture');

PictureRef.implement({
  access: 'held',
  fields: (t) => ({
    url: t.string({
      description:
        'Relative address of this picture, without a header; the same within a day (UTC), over one to two days later: ask anew.',
      complexity: 1,
      resolve: async ({ subject }, _args, { tickets }) => `/pictures/${await tickets.sign(subject, PICTURE_SECONDS)}`,
    }),
    dataUrl: t.string({
      nullable: true,
      description: `The bytes inline; small sizes only (up to ${INLINE_SIDE} px), else null.`,
      complexity: COMPUTE_COST,
      resolve: async ({ subject }, _args, { pictures }) => {
        const { bytes, contentType, width, height } = await pictures.render(subject);
        if (Math.max(width, height) > INLINE_SIDE) return null;
        return `data:${contentType};base64,${Buffer.from(bytes).toString('base64')}`;
      },
    }),
    contentType: t.string({
      complexity: COMPUTE_COST,
      resolve: async ({ subject }, _args, { pictures }) => (await pictures.render(subject)).contentType,
    }),
    width: t.int({
      complexity: COMPUTE_COST,
      resolve: async ({ subject }, _args, { pictures }) => (await pictures.render(subject)).width,
    }),
    height: t.int({
      complexity: COMPUTE_COST,
      resolve: async ({ subject }, _args, { pictures }) => (await pictures.render(subject)).height,
    }),
    sha256: t.string({
      complexity: COMPUTE_COST,
      resolve: async ({ subject }, _args, { pictures }) => (await pictures.render(subject)).sha256,
    }),
  }),
});

/** A side in pixels that a picture may be asked in. @throws BadInputError */
export function pictureSize(size: number | null | undefined, max: number): { readonly size?: number } {
  return size === null || size === undefined ? {} : { size: checkWhole('size', size, 1, max) };
}
