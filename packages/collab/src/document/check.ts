// Is a document, as it stands, one of ours? Asked after every update; strokes that were checked once are not checked again.
import * as Y from 'yjs';
import { DocumentLimitError, DocumentShapeError } from '../errors.ts';
import type { CollabLimits } from '../limits.ts';
import { isPosition } from './locks.ts';
import { objectiveSchema } from './objective.ts';
import { shapeError } from './read.ts';
import { ROOT_NAMES, type Roots, rootsOf } from './roots.ts';
import { isSettingName, settingsSchema } from './settings.ts';
import { strokeSchema } from './stroke.ts';

type AnyType = Roots[keyof Roots] | Y.Map<unknown>;

export class DocumentCheck {
  readonly #limits: CollabLimits;
  /** Values in a Yjs array keep their identity; number of points by stroke. */
  readonly #strokes = new WeakMap<object, number>();

  constructor(limits: CollabLimits) {
    this.#limits = limits;
  }

  /** @throws DocumentShapeError, DocumentLimitError */
  run(doc: Y.Doc): void {
    for (const name of doc.share.keys()) {
      if (!ROOT_NAMES.some((known) => known === name)) throw new DocumentShapeError(name, 'no such part is known');
    }
    const roots = rootsOf(doc);
    this.#text('prompt', roots.prompt);
    this.#text('negativePrompt', roots.negativePrompt);
    this.#settings(roots.settings);
    this.#objectives(roots.objectives);
    this.#checkStrokes(roots.strokes);
    this.#locks(roots.locks);
  }

  #limit(name: keyof CollabLimits, value: number, unit: string): void {
    if (value > this.#limits[name]) throw new DocumentLimitError(name, value, this.#limits[name], unit);
  }

  #text(path: string, text: Y.Text): void {
    asList(path, text);
    this.#limit('textCharacters', text.length, 'characters');
    for (const { insert, attributes } of text.toDelta() as { insert: unknown; attributes?: object }[]) {
      if (typeof insert !== 'string' || attributes) throw new DocumentShapeError(path, 'only plain text belongs here');
    }
  }

  #settings(settings: Roots['settings']): void {
    asMap('settings', settings);
    for (const [key, value] of settings.entries()) {
      if (!isSettingName(key)) throw new DocumentShapeError(`settings.${key}`, 'no such setting is known');
      const result = settingsSchema.shape[key].safeParse(value);
      if (!result.success) throw shapeError(result.error, `settings.${key}`);
      // A default would hide that somebody wrote `undefined`.
      if (value === undefined) throw new DocumentShapeError(`settings.${key}`, 'a value is needed');
    }
  }

  #objectives(objectives: Roots['objectives']): void {
    asList('objectives', objectives);
    this.#limit('objectives', objectives.length, 'objectives');
    objectives.toArray().forEach((objective: unknown, i) => {
      if (!(objective instanceof Y.Map)) throw new DocumentShapeError(`objectives.${i}`, 'it must be a map');
      asMap(`objectives.${i}`, objective);
      const result = objectiveSchema.safeParse(Object.fromEntries(objective.entries()));
      if (!result.success) throw shapeError(result.error, `objectives.${i}`);
    });
  }

  #locks(locks: Roots['locks']): void {
    asMap('locks', locks);
    this.#limit('locks', locks.size, 'locked tokens');
    for (const [key, value] of locks.entries() as Iterable<[string, unknown]>) {
      if (!isPosition(key)) throw new DocumentShapeError(`locks.${key}`, 'the key must be a token position');
      if (value !== true) throw new DocumentShapeError(`locks.${key}`, 'it must be true; unlock by removing the key');
    }
  }

  #checkStrokes(strokes: Roots['strokes']): void {
    asList('strokes', strokes);
    this.#limit('strokes', strokes.length, 'strokes');
    let points = 0;
    strokes.toArray().forEach((stroke: unknown, i) => {
      const known = typeof stroke === 'object' && stroke !== null ? this.#strokes.get(stroke) : undefined;
      points += known ?? this.#newStroke(stroke, i);
    });
    this.#limit('points', points, 'points');
  }

  #newStroke(stroke: unknown, i: number): number {
    const result = strokeSchema.safeParse(stroke);
    if (!result.success) throw shapeError(result.error, `strokes.${i}`);
    const points = result.data.points.length / 2;
    this.#strokes.set(stroke as object, points);
    return points;
  }
}

/** Text and arrays have no keys, maps no items: the other half of a type would be carried along unseen. */
function asList(path: string, type: AnyType): void {
  if (type._map.size > 0) throw new DocumentShapeError(path, 'it is a sequence and has no keys');
}

function asMap(path: string, type: AnyType): void {
  if (type._start !== null) throw new DocumentShapeError(path, 'it is a map and has no items');
}
