// The shared document of a session: as plain values for scripts, as Yjs updates for editors.
import { type SessionSnapshot, type SyncAnswer, settingsSchema } from '@tessera/collab';
import type { StudioSession } from '@tessera/db';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { DOCUMENT_COST } from '../cost.ts';
import { documentActor } from './actor.ts';
import { checkedPlan, PlanCheckRef, sessionPlan } from './plan-check.ts';

/** Read at most once, whatever fields are asked for. */
export interface SessionDocument {
  readonly session: StudioSession;
  read(): Promise<SessionSnapshot & { readonly seq: number }>;
}

export function documentOf(session: StudioSession, ctx: Context): SessionDocument {
  let reading: ReturnType<SessionDocument['read']> | undefined;
  return {
    session,
    read() {
      reading ??= ctx.documents.snapshot(session.id, documentActor(ctx));
      return reading;
    },
  };
}

const DocumentSyncRef = builder.objectRef<SyncAnswer>('DocumentSync').implement({
  access: 'held',
  fields: (t) => ({
    seq: t.exposeInt('seq'),
    update: t.expose('update', { type: 'Bytes', description: 'What the caller lacks.' }),
    stateVector: t.expose('stateVector', {
      type: 'Bytes',
      description: 'What the server has: push the difference to this.',
    }),
  }),
});

export const SessionDocumentRef = builder.objectRef<SessionDocument>('SessionDocument').implement({
  description: 'The shared document: Yjs, version 1 encodings (packages/collab/PROTOCOL.md).',
  access: 'held',
  fields: (t) => ({
    seq: t.int({
      description: 'Everything up to this number is in the answers below.',
      resolve: async (document) => (await document.read()).seq,
    }),
    prompt: t.string({ resolve: async (document) => (await document.read()).prompt }),
    negativePrompt: t.string({ resolve: async (document) => (await document.read()).negativePrompt }),
    settings: t.field({
      type: 'JSON',
      description: 'The scalar parameters, with defaults filled in.',
      resolve: async (document) => settingsSchema.parse((await document.read()).settings),
    }),
    objectives: t.field({ type: 'JSON', resolve: async (document) => (await document.read()).objectives }),
    lockedPositions: t.intList({
      description: 'Token positions that runs of this session leave alone, ascending.',
      complexity: 1,
      resolve: async (document) => [...(await document.read()).lockedPositions],
    }),
    strokeCount: t.int({ resolve: async (document) => (await document.read()).strokes.length }),
    sync: t.field({
      type: DocumentSyncRef,
      description: 'What a client lacks that has this state vector; without one, everything.',
      complexity: DOCUMENT_COST,
      args: { stateVector: t.arg({ type: 'Bytes' }) },
      resolve: ({ session }, { stateVector }, ctx) =>
        ctx.documents.sync(session.id, documentActor(ctx), stateVector ?? undefined),
    }),
    check: t.field({
      type: PlanCheckRef,
      description: 'What would run now: the plan, settings that do nothing, and what keeps it from running.',
      complexity: DOCUMENT_COST,
      resolve: async (document, _args, { studio }) => {
        const snapshot = await document.read();
        return checkedPlan(() => sessionPlan(snapshot, studio));
      },
    }),
  }),
});
