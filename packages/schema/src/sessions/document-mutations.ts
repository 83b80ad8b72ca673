// Changes of the shared document: as Yjs updates from editors, as plain values from scripts.
import {
  addObjective,
  COLLAB_LIMITS,
  clearStrokes,
  lockedPositions,
  openDoc,
  removeObjective,
  rootsOf,
  setLocks,
  setSettings,
  setText,
  UpdatesMissingError,
} from '@tessera/collab';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { BadInputError, type Problem } from '../errors.ts';
import { checkText } from '../input-checks.ts';
import { mutation } from '../mutation.ts';
import { SessionRef } from '../refs.ts';
import { sessionTarget } from '../targets.ts';
import { documentActor } from './actor.ts';

const OUTCOMES = ['STORED', 'BEHIND', 'REFUSED'] as const;
const PushOutcomeEnum = builder.enumType('PushOutcome', { values: OUTCOMES });

/** What no repetition of the update changes. Anything else (the store is away, too many requests) may be tried again. */
const FINAL: readonly Problem['code'][] = ['BAD_INPUT', 'TOO_LARGE', 'FORBIDDEN'];

mutation('pushDocument', {
  right: 'edit',
  cost: 2,
  payloadDescription:
    "BEHIND: synchronise first. REFUSED: the server will never take it; start anew from the server's document.",
  input: (t) => ({
    sessionId: t.id({ required: true }),
    update: t.field({ type: 'Bytes', required: true }),
  }),
  payload: { outcome: PushOutcomeEnum, seq: 'Int' },
  onProblem: ({ code }) => (FINAL.includes(code) ? { outcome: 'REFUSED' } : {}),
  target: (input, ctx) => sessionTarget(input, ctx),
  async change({ update }, ctx, { session }) {
    try {
      return { outcome: 'STORED', seq: await ctx.documents.push(session.id, documentActor(ctx), update) };
    } catch (error) {
      if (error instanceof UpdatesMissingError) return { outcome: 'BEHIND' };
      throw error;
    }
  },
});

mutation('editSession', {
  inputDescription: 'Edits the document without Yjs, for scripts: absent fields stay as they are.',
  right: 'edit',
  input: (t) => ({
    sessionId: t.id({ required: true }),
    prompt: t.string(),
    negativePrompt: t.string(),
    settings: t.field({ type: 'JSON', description: 'Those that change.' }),
    objectives: t.field({ type: 'JSON', description: 'The whole list: `[{ id, kind, model?, weight? }]`.' }),
    lockedPositions: t.intList({ description: 'All token positions that are locked from now on.' }),
    clearStrokes: t.boolean(),
  }),
  payload: { session: SessionRef },
  target: (input, ctx) => sessionTarget(input, ctx),
  async change(input, ctx, { session }) {
    const update = await edited(ctx, session.id, checkEdit(input));
    if (update) await ctx.documents.push(session.id, documentActor(ctx), update);
    return { session };
  },
});

interface Edit {
  readonly prompt?: string;
  readonly negativePrompt?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly objectives?: readonly Readonly<Record<string, unknown>>[];
  readonly lockedPositions?: readonly number[];
  readonly clearStrokes?: boolean;
}

interface EditInput {
  readonly prompt?: string | null | undefined;
  readonly negativePrompt?: string | null | undefined;
  readonly settings?: unknown;
  readonly objectives?: unknown;
  readonly lockedPositions?: readonly number[] | null | undefined;
  readonly clearStrokes?: boolean | null | undefined;
}

/** Values of settings and objectives are checked by the document itself, which every update has to pass. */
function checkEdit(input: EditInput): Edit {
  const { prompt, negativePrompt, settings, objectives, lockedPositions: locked, clearStrokes: clear } = input;
  const max = COLLAB_LIMITS.textCharacters.value;
  if (settings != null && !isObject(settings)) throw new BadInputError('settings', 'must be an object.');
  if (objectives != null && !(Array.isArray(objectives) && objectives.every(isObject))) {
    throw new BadInputError('objectives', 'must be a list of objects.');
  }
  return {
    ...(prompt != null && { prompt: checkText('prompt', prompt, max) }),
    ...(negativePrompt != null && { negativePrompt: checkText('negativePrompt', negativePrompt, max) }),
    ...(settings != null && { settings }),
    ...(objectives != null && { objectives }),
    ...(locked != null && { lockedPositions: locked }),
    clearStrokes: clear ?? false,
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The edit as one update of the document as it is now, or undefined where it changes nothing. */
async function edited(ctx: Context, sessionId: string, edit: Edit): Promise<Uint8Array | undefined> {
  const { update } = await ctx.documents.sync(sessionId, documentActor(ctx));
  const doc = openDoc(update);
  let change: Uint8Array | undefined;
  doc.on('update', (bytes: Uint8Array) => {
    change = bytes;
  });
  doc.transact(() => {
    if (edit.prompt !== undefined) setText(doc, 'prompt', edit.prompt, null);
    if (edit.negativePrompt !== undefined) setText(doc, 'negativePrompt', edit.negativePrompt, null);
    if (edit.settings) setSettings(doc, edit.settings, null);
    if (edit.objectives) replaceObjectives(doc, edit.objectives);
    if (edit.lockedPositions) replaceLocks(doc, edit.lockedPositions);
    if (edit.clearStrokes) clearStrokes(doc, null);
  });
  doc.destroy();
  return change;
}

function replaceLocks(doc: ReturnType<typeof openDoc>, positions: readonly number[]): void {
  const gone = lockedPositions(rootsOf(doc).locks).filter((position) => !positions.includes(position));
  setLocks(doc, gone, false, null);
  setLocks(doc, positions, true, null);
}

function replaceObjectives(
  doc: ReturnType<typeof openDoc>,
  objectives: readonly Readonly<Record<string, unknown>>[],
): void {
  for (const old of doc.getArray('objectives').toJSON() as { readonly id: string }[])
    removeObjective(doc, old.id, null);
  // What is no objective is refused with the update.
  for (const objective of objectives) addObjective(doc, objective as never, null);
}
