// Offers to bring a running run in line with what the panel says, by hand or as it is changed.
'use client';
import { useEffect, useMemo, useRef, useState } from 'react';
import { graphql } from '../../../gql/graphql.ts';
import { mutate } from '../../../gql/mutate.ts';
import { showTrouble } from '../../../gql/problem.ts';
import type { TrackStep } from '../../run/run-track.ts';
import { useDocumentView } from '../document/document-context.tsx';
import { useSession } from '../session-context.tsx';
import { useShown } from '../view/shown.ts';
import { useShownRun, useTrack } from '../view/view-context.tsx';
import { documentPlan } from './document-plan.ts';
import { isActive } from './run-status.ts';
import { type Change, planNow, type RunningPlan, steeringFor } from './steering.ts';

export const STEER = graphql(`
  mutation SteerRun($input: SteerRunInput!) {
    steerRun(input: $input) { steering { seq } problem { code message field } }
  }
`);

/** ms of quiet before a change is sent by itself. */
const SETTLE_MS = 350;

export interface Steering {
  /** What would be sent; null where there is nothing to send. */
  readonly change: Change | null;
  readonly busy: boolean;
  readonly auto: boolean;
  readonly setAuto: (auto: boolean) => void;
  readonly apply: () => void;
}

export function useSteering(): Steering {
  const run = useShownRun();
  const { status } = useShown();
  const wanted = useWantedPlan();
  const applied = useTrack((track) => (track ? appliedIn(track.steps) : NOTHING));
  const [sent, setSent] = useState<Sent | null>(null);
  const [busy, setBusy] = useState(false);
  const [auto, setAuto] = useState(false);
  const runId = run?.id ?? null;
  const change = useMemo(() => {
    if (!run || !wanted || status === null || !isActive(status)) return null;
    // What was sent counts until the run's steps tell of changes themselves.
    const mine = sent?.runId === run.id && sent.seen === applied.changes.length ? sent.changes.map(asStored) : [];
    return steeringFor(wanted, planNow(run.plan as RunningPlan, [...applied.changes, ...mine]));
  }, [run, wanted, status, applied, sent]);
  const apply = () => {
    if (!change || runId === null || busy) return;
    const seen = applied.changes.length;
    setBusy(true);
    mutate(STEER, { input: { runId, change } })
      .then(() => setSent((before) => withSent(before, { runId, seen, change })))
      .catch((cause: unknown) => {
        setAuto(false);
        showTrouble('The running run did not take the change', cause);
      })
      .finally(() => setBusy(false));
  };
  const latest = useRef(apply);
  latest.current = apply;
  useEffect(() => {
    if (!auto || !change || busy) return;
    const timer = setTimeout(() => latest.current(), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [auto, change, busy]);
  return { change, busy, auto, setAuto, apply };
}

interface Sent {
  readonly runId: string;
  /** Changes that the run's steps had told of by then. */
  readonly seen: number;
  readonly changes: readonly Change[];
}

function withSent(before: Sent | null, { change, ...at }: Omit<Sent, 'changes'> & { readonly change: Change }): Sent {
  const same = before?.runId === at.runId && before.seen === at.seen;
  return { ...at, changes: [...(same ? before.changes : []), change] };
}

function useWantedPlan() {
  const { studio } = useSession();
  const prompt = useDocumentView((view) => view.prompt);
  const negativePrompt = useDocumentView((view) => view.negativePrompt);
  const settings = useDocumentView((view) => view.settings);
  const objectives = useDocumentView((view) => view.objectives);
  const lockedPositions = useDocumentView((view) => view.lockedPositions);
  return useMemo(() => {
    try {
      return documentPlan({ prompt, negativePrompt, settings, objectives, lockedPositions }, studio);
    } catch {
      // What cannot be run cannot be sent; the run button says why.
      return null;
    }
  }, [prompt, negativePrompt, settings, objectives, lockedPositions, studio]);
}

interface Applied {
  readonly changes: readonly unknown[];
}

const NOTHING: Applied = { changes: [] };

const known = new WeakMap<readonly TrackStep[], { readonly length: number; readonly applied: Applied }>();

/** Live changes in the steps so far; the same object while nothing was added. */
function appliedIn(steps: readonly TrackStep[]): Applied {
  const before = known.get(steps);
  const added = steps.slice(before?.length ?? 0).flatMap(({ steering }) => steering);
  const applied =
    before && added.length === 0 ? before.applied : { changes: [...(before?.applied.changes ?? []), ...added] };
  known.set(steps, { length: steps.length, applied });
  return applied;
}

/** Enum values as plans hold them. */
function asStored({ regularisation, ...rest }: Change): unknown {
  if (!regularisation) return rest;
  return {
    ...rest,
    regularisation: { ...regularisation, towards: regularisation.towards === 'SEED' ? 'seed' : 'zero' },
  };
}
