// A session document as plain, checked values.

import type * as Y from 'yjs';
import * as z from 'zod';
import { DocumentShapeError } from '../errors.ts';
import { lockedPositions } from './locks.ts';
import { objectiveSchema, type SessionObjective } from './objective.ts';
import { rootsOf } from './roots.ts';
import { type Settings, settingsSchema } from './settings.ts';
import { type Stroke, strokeSchema } from './stroke.ts';

export const snapshotSchema = z.strictObject({
  prompt: z.string(),
  negativePrompt: z.string(),
  settings: settingsSchema,
  objectives: z.array(objectiveSchema),
  /** In the order in which they are drawn. */
  strokes: z.array(strokeSchema),
  /** Ascending. */
  lockedPositions: z.array(z.number().int().min(0)),
});

export interface SessionSnapshot {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly settings: Settings;
  readonly objectives: readonly SessionObjective[];
  readonly strokes: readonly Stroke[];
  readonly lockedPositions: readonly number[];
}

/** What the document says now, defaults filled in. @throws DocumentShapeError naming the first place that is wrong */
export function readSnapshot(doc: Y.Doc): SessionSnapshot {
  const { prompt, negativePrompt, settings, objectives, strokes, locks } = rootsOf(doc);
  const result = snapshotSchema.safeParse({
    prompt: prompt.toString(),
    negativePrompt: negativePrompt.toString(),
    settings: settings.toJSON(),
    objectives: objectives.toJSON(),
    strokes: strokes.toArray(),
    lockedPositions: lockedPositions(locks),
  });
  if (result.success) return result.data;
  throw shapeError(result.error, '');
}

/** The first problem zod found, as ours. */
export function shapeError(error: z.ZodError, at: string): DocumentShapeError {
  const issue = error.issues[0]!;
  const path = [at, ...issue.path.map(String)].filter((part) => part !== '').join('.');
  return new DocumentShapeError(path || 'its root', issue.message);
}
