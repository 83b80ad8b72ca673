// Loss and score of the compared runs over their steps; runs that grow are asked for what is new.
'use client';
import { useEffect, useRef, useState } from 'react';
import { ask } from '../../gql/query.ts';
import { CurveDocument } from './documents.ts';

export interface Curve {
  readonly steps: readonly number[];
  /** Null where a step was skipped. */
  readonly loss: readonly (number | null)[];
  /** Null where the meter was not read. */
  readonly score: readonly (number | null)[];
}

export interface CurvedRun {
  readonly id: string;
  readonly iterations: number;
  readonly stepCount: number;
}

/** Points of a curve: more than the plot has pixels nobody sees. */
const MOST_POINTS = 400;

const EMPTY: Curve = { steps: [], loss: [], score: [] };

export interface Curves {
  readonly curves: ReadonlyMap<string, Curve>;
  readonly error: unknown;
  readonly retry: () => void;
}

export function useCurves(runs: readonly CurvedRun[]): Curves {
  const [curves, setCurves] = useState<ReadonlyMap<string, Curve>>(new Map());
  const [error, setError] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);
  /** Steps that were asked for, by run. */
  const asked = useRef(new Map<string, number>());
  const key = runs.map(({ id, stepCount }) => `${id}:${stepCount}`).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the runs; another attempt asks again
  useEffect(() => {
    for (const run of runs) {
      const from = asked.current.get(run.id) ?? 0;
      if (from >= run.stepCount) continue;
      const stride = Math.ceil(Math.max(run.iterations, run.stepCount) / MOST_POINTS);
      asked.current.set(run.id, from + Math.ceil((run.stepCount - from) / stride) * stride);
      ask(CurveDocument, { id: run.id, from, to: run.stepCount - 1, stride })
        .then(({ run: found }) => {
          setError(undefined);
          setCurves((all) => new Map(all).set(run.id, extended(all.get(run.id) ?? EMPTY, found?.steps ?? [])));
        })
        .catch((cause: unknown) => {
          asked.current.set(run.id, from);
          setError(cause);
        });
    }
  }, [key, attempt]);
  return { curves, error, retry: () => setAttempt((count) => count + 1) };
}

interface Point {
  readonly step: number;
  readonly loss: number | null;
  readonly score: number | null;
}

function extended(curve: Curve, points: readonly Point[]): Curve {
  const last = curve.steps.at(-1) ?? -1;
  const added = points.filter(({ step }) => step > last);
  return {
    steps: [...curve.steps, ...added.map(({ step }) => step)],
    loss: [...curve.loss, ...added.map(({ loss }) => loss)],
    score: [...curve.score, ...added.map(({ score }) => score)],
  };
}
