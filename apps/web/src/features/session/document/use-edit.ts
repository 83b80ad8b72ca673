// Changes of the shared document by this person.
'use client';
import {
  addObjective,
  addStroke,
  changeObjective,
  clearStrokes,
  removeObjective,
  removeStroke,
  rootsOf,
  type SessionObjective,
  type Settings,
  type Stroke,
  setLocks,
  setSettings,
  setText,
} from '@tessera/collab';
import { useMemo } from 'react';
import { useDocument } from './document-context.tsx';
import type { SessionDocument } from './session-document.ts';

export interface Edit {
  /** A value set by hand is of no preset any more. */
  setting(values: Partial<Settings>): void;
  preset(values: Partial<Settings>): void;
  text(name: 'prompt' | 'negativePrompt', value: string): void;
  addObjective(objective: SessionObjective): void;
  changeObjective(id: string, change: { readonly weight?: number; readonly model?: string | null }): void;
  removeObjective(id: string): void;
  /** Adds a stroke, or puts a longer one in its place. */
  stroke(stroke: Stroke): void;
  clearStrokes(): void;
  /** Token positions that runs leave alone, or no longer. */
  lock(positions: readonly number[], locked: boolean): void;
}

/** What a preset does not speak about. */
const APART: readonly (keyof Settings)[] = [
  'seedId',
  'meterEvery',
  'startFrom',
  'sigma',
  'seed',
  'maskFeather',
  'maskInvert',
  'meterEvery',
  'preset',
];

export function useEdit(): Edit {
  const document = useDocument();
  return useMemo(() => editOf(document), [document]);
}

function editOf(document: SessionDocument): Edit {
  const { origin } = document;
  return {
    setting: (values) => {
      const byHand = Object.keys(values).some((key) => !APART.includes(key as keyof Settings));
      setSettings(document.doc, byHand ? { ...values, preset: null } : values, origin);
    },
    preset: (values) => {
      document.stopCapturing();
      setSettings(document.doc, values, origin);
    },
    text: (name, value) => setText(document.doc, name, value, origin),
    addObjective: (objective) => addObjective(document.doc, objective, origin),
    changeObjective: (id, change) => void changeObjective(document.doc, id, change, origin),
    removeObjective: (id) => void removeObjective(document.doc, id, origin),
    stroke: (stroke) => {
      document.doc.transact(() => {
        if (rootsOf(document.doc).strokes.length > 0) removeStroke(document.doc, stroke.id, origin);
        addStroke(document.doc, stroke, origin);
      }, origin);
    },
    clearStrokes: () => {
      document.stopCapturing();
      clearStrokes(document.doc, origin);
    },
    lock: (positions, locked) => {
      document.stopCapturing();
      setLocks(document.doc, positions, locked, origin);
    },
  };
}
