// People as others see them: a name and a picture, no address.
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { UserRef } from '../refs.ts';

builder.node(UserRef, {
  access: 'held',
  id: { resolve: ({ id }) => id },
  // Who may be looked up by id: oneself. Others are reached through what they made.
  loadOne: async (id, ctx) => (id === ctx.viewer.userId ? ((await ctx.loads.row('User', id)) ?? null) : null),
  fields: (t) => ({
    name: t.exposeString('name'),
    image: t.exposeString('image', { nullable: true }),
  }),
});

/** Who made something; null for holders of links and people who left for good. */
export const userOf = ({ loads }: Context, userId: string | null) => loads.named('User', userId);
