// Which tokens differ between two steps, and a new run that takes some of them from the other one.
'use client';
import { GitMerge } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { mutate } from '../../gql/mutate.ts';
import { showTrouble, troubleOf } from '../../gql/problem.ts';
import { Button } from '../../ui/button.tsx';
import { formatNumber } from '../run/format.ts';
import { abilities } from '../run/use-workspace.ts';
import { type ComparedRun, MergeRunsMutation, StepDiffDocument } from './documents.ts';
import { TokenChoice } from './token-choice.tsx';

export interface TokenDifferenceProps {
  readonly a: ComparedRun;
  readonly b: ComparedRun;
  readonly stepA: number;
  readonly stepB: number;
}

/** ms; a moving slider asks only where it rests. */
const REST_MS = 150;

export function TokenDifference({ a, b, stepA, stepB }: TokenDifferenceProps) {
  const router = useRouter();
  const steps = useRested(stepA, stepB);
  const comparable = a.tokenKind === 'INDICES' && a.tokenizer === b.tokenizer;
  const [{ data, error }] = useQuery({
    query: StepDiffDocument,
    variables: { before: { runId: a.id, step: steps.a }, after: { runId: b.id, step: steps.b } },
    pause: !comparable,
  });
  const [taken, setTaken] = useState<ReadonlySet<number>>(new Set());
  const [busy, setBusy] = useState(false);
  const can = abilities(a.session?.rights ?? a.workspace.rights);

  if (!comparable) {
    return (
      <Panel>
        <p className="text-ink-soft text-sm">
          {a.tokenKind === 'INDICES'
            ? `Their tokens mean different things: A uses ${a.tokenizer}, B uses ${b.tokenizer}.`
            : 'Their tokens are vectors; only codebook tokens can be compared one by one.'}
        </p>
      </Panel>
    );
  }
  if (!data) {
    return (
      <Panel>
        <p className="text-ink-faint text-sm">{error ? troubleOf(error).message : 'Comparing the tokens…'}</p>
      </Panel>
    );
  }
  const { stepDiff } = data;
  const differing = stepDiff.positions.filter(({ before, after }) => before !== after).map(({ position }) => position);
  const chosen = differing.filter((position) => taken.has(position));
  const toggle = (position: number) => {
    const next = new Set(taken);
    if (!next.delete(position)) next.add(position);
    setTaken(next);
  };
  const merge = async () => {
    setBusy(true);
    try {
      const { run } = await mutate(MergeRunsMutation, {
        input: {
          base: { runId: a.id, step: stepA },
          other: { runId: b.id, step: stepB },
          positions: chosen,
          idempotencyKey: crypto.randomUUID(),
        },
      });
      if (run) router.push(`/runs/${run.id}`);
    } catch (cause) {
      showTrouble('The merged run did not start.', cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel>
      <dl className="mb-4 grid grid-cols-[auto_1fr_1fr] gap-x-4 gap-y-1 text-xs">
        <Row label="" a="A" b="B" />
        <Row label="Loss" a={formatNumber(stepDiff.lossBefore)} b={formatNumber(stepDiff.lossAfter)} />
        <Row label="Score" a={formatNumber(stepDiff.scoreBefore)} b={formatNumber(stepDiff.scoreAfter)} />
      </dl>
      <p className="text-sm">
        {differing.length === 0 ? 'All tokens are the same.' : `${differing.length} of ${a.positions} tokens differ.`}
      </p>
      {differing.length > 0 && (
        <>
          <p className="mt-0.5 mb-2 text-ink-soft text-xs">Press those that the merged run should take from B.</p>
          <TokenChoice positions={a.positions} differences={stepDiff.positions} taken={taken} onToggle={toggle} />
          <div className="mt-2 flex gap-1">
            <Button size="sm" look="ghost" onClick={() => setTaken(new Set(differing))}>
              All
            </Button>
            <Button size="sm" look="ghost" onClick={() => setTaken(new Set())}>
              None
            </Button>
            <Button
              size="sm"
              look="primary"
              icon={GitMerge}
              busy={busy}
              disabled={
                !can.run
                  ? 'You may look here, but not start runs.'
                  : chosen.length === 0 && 'Choose at least one position to take from B.'
              }
              hint="A fork of A with these tokens of B"
              onClick={() => void merge()}
              className="ml-auto"
            >
              Start merged run
            </Button>
          </div>
        </>
      )}
    </Panel>
  );
}

function Panel({ children }: { readonly children: ReactNode }) {
  return (
    <section aria-label="Tokens that differ" className="rounded-xl border bg-surface p-4">
      {children}
    </section>
  );
}

function Row({ label, a, b }: { readonly label: string; readonly a: string; readonly b: string }) {
  return (
    <div className="tabular col-span-3 grid grid-cols-subgrid">
      <dt className="text-ink-faint">{label}</dt>
      <dd>{a}</dd>
      <dd>{b}</dd>
    </div>
  );
}

function useRested(a: number, b: number): { readonly a: number; readonly b: number } {
  const [rested, setRested] = useState({ a, b });
  useEffect(() => {
    const timer = setTimeout(() => setRested({ a, b }), REST_MS);
    return () => clearTimeout(timer);
  }, [a, b]);
  return rested;
}
