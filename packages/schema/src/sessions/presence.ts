// Who is in a session and what they point at.
import { createHash } from 'node:crypto';
import type { PresenceChange } from '@tessera/collab';
import type { Presence } from '@tessera/protocol';
import { requireRight } from '../access.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { listCost, ROW_COST } from '../cost.ts';
import { found, scopeOf } from '../found.ts';
import { checkLine, given, globalId, idOf, optionalId } from '../input-checks.ts';
import { mutation } from '../mutation.ts';
import { userOf } from '../people/user.ts';
import { SessionRef, UserRef } from '../refs.ts';
import { guarded } from '../subscription.ts';
import { sessionTarget } from '../targets.ts';
import { documentActor } from './actor.ts';
import { presentNow } from './present-now.ts';

/** With the user's id before it, as others know it, it must fit into `following`. */
const CLIENT_ID_CHARACTERS = 64;

const PointRef = builder.objectRef<{ readonly x: number; readonly y: number }>('Point').implement({
  access: 'held',
  fields: (t) => ({ x: t.exposeFloat('x'), y: t.exposeFloat('y') }),
});

export const PresenceRef = builder.objectRef<Presence>('Presence').implement({
  access: 'held',
  fields: (t) => ({
    clientId: t.exposeString('clientId', {
      description: "As the viewer's own tab calls itself; for others an id that begins with their user's.",
    }),
    user: t.field({
      type: UserRef,
      nullable: true,
      description: 'Null: the holder of a share link.',
      complexity: ROW_COST,
      resolve: ({ userId }, _args, ctx) => userOf(ctx, userId),
    }),
    name: t.exposeString('name'),
    colour: t.exposeString('colour'),
    cursor: t.field({ type: PointRef, nullable: true, complexity: 1, resolve: ({ cursor }) => cursor ?? null }),
    runId: t.id({ nullable: true, resolve: ({ runId }) => (runId === undefined ? null : globalId('Run', runId)) }),
    step: t.int({ nullable: true, resolve: ({ step }) => step ?? null }),
    following: t.string({ nullable: true, resolve: ({ following }) => following ?? null }),
  }),
});

const PresenceHereRef = builder.objectRef<Extract<PresenceChange, { type: 'here' }>>('PresenceHere').implement({
  access: 'held',
  fields: (t) => ({ presence: t.expose('presence', { type: PresenceRef, complexity: 1 }) }),
});

const PresenceLeftRef = builder.objectRef<Extract<PresenceChange, { type: 'left' }>>('PresenceLeft').implement({
  access: 'held',
  fields: (t) => ({ clientId: t.exposeString('clientId') }),
});

const PresenceEventRef = builder.unionType('PresenceEvent', {
  types: [PresenceHereRef, PresenceLeftRef],
  resolveType: ({ type }) => (type === 'here' ? 'PresenceHere' : 'PresenceLeft'),
});

builder.objectField(SessionRef, 'presence', (t) =>
  t.field({
    type: [PresenceRef],
    access: 'view',
    complexity: listCost(10),
    resolve: async ({ id }, _args, ctx) => presentNow(await ctx.presence.watch(id, documentActor(ctx))),
  }),
);

builder.subscriptionField('presence', (t) =>
  t.field({
    type: PresenceEventRef,
    description: 'Everybody who is there, then every change; a slow reader gets the newest of each client.',
    access: { checked: 'view' },
    complexity: ROW_COST,
    args: { sessionId: t.arg.id({ required: true }) },
    subscribe: async (_root, { sessionId }, ctx) => {
      const session = await found(ctx, 'Session', idOf('Session', sessionId, 'sessionId'), 'sessionId');
      const check = () => requireRight(ctx, 'view', scopeOf('Session', session), 'session');
      await check();
      return guarded(ctx, await ctx.presence.watch(session.id, documentActor(ctx)), check);
    },
    resolve: (change) => change,
  }),
);

const PointInput = builder.inputType('PointInput', {
  description: 'Shares of the picture, 0..1.',
  fields: (t) => ({ x: t.float({ required: true }), y: t.float({ required: true }) }),
});

const clientIdOf = (clientId: string): string => checkLine('clientId', clientId, CLIENT_ID_CHARACTERS);

mutation('showPresence', {
  description: 'Shows the caller to the others for 30 s; what is not said is not shown any more.',
  right: 'view',
  cost: 2,
  input: (t) => ({
    sessionId: t.id({ required: true }),
    clientId: t.string({ required: true, description: 'One tab; made up by it.' }),
    colour: t.string({ required: true, description: 'Such as #3366cc.' }),
    cursor: t.field({ type: PointInput }),
    runId: t.id(),
    step: t.int(),
    following: t.string({ description: 'Client id of whom the caller follows.' }),
  }),
  payload: {},
  target: (input, ctx) => sessionTarget(input, ctx),
  async change({ colour, cursor, step, following, ...input }, ctx, { session }) {
    const actor = { ...documentActor(ctx), clientId: clientIdOf(input.clientId), name: shownName(ctx, input.clientId) };
    const runId = optionalId('Run', input.runId, 'runId');
    await ctx.presence.show(session.id, actor, { colour, ...given({ cursor, step, following, runId }) });
    return {};
  },
});

/** Those who came through one link are one user: a number of each tab's own tells them apart. */
function shownName({ viewer: { kind, name } }: Context, clientId: string): string {
  if (kind !== 'guest') return name;
  const digest = createHash('sha256').update(clientId).digest();
  return `${name} ${100 + (digest.readUInt32BE() % 900)}`;
}

mutation('leaveSession', {
  right: 'view',
  cost: 2,
  input: (t) => ({ sessionId: t.id({ required: true }), clientId: t.string({ required: true }) }),
  payload: {},
  target: (input, ctx) => sessionTarget(input, ctx),
  async change({ clientId }, ctx, { session }) {
    await ctx.presence.leave(session.id, { ...documentActor(ctx), clientId: clientIdOf(clientId) });
    return {};
  },
});
