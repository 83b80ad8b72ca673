// A new run that goes on from a step of another, with what the session's document says now.
'use client';
import { useState } from 'react';
import { toast } from 'sonner';
import { graphql } from '../../../gql/graphql.ts';
import { mutate } from '../../../gql/mutate.ts';
import { showTrouble } from '../../../gql/problem.ts';
import { useDocument } from '../document/document-context.tsx';
import { useSession } from '../session-context.tsx';
import { useViewStore } from '../view/view-context.tsx';
import { documentPlan, forkOverrides } from './document-plan.ts';

export const FORK = graphql(`
  mutation ForkRun($input: ForkRunInput!) {
    forkRun(input: $input) { run { id } problem { code message field } }
  }
`);

export function useFork() {
  const document = useDocument();
  const { studio } = useSession();
  const view = useViewStore();
  const [busy, setBusy] = useState(false);
  const fork = async (runId: string, step: number) => {
    setBusy(true);
    try {
      const plan = forkOverrides(documentPlan(document.view.getState(), studio));
      const { run } = await mutate(FORK, { input: { runId, step, plan, idempotencyKey: crypto.randomUUID() } });
      if (run) view.setState({ target: { type: 'run', runId: run.id }, step: null, playing: false });
      toast(`Forked at step ${step}`, { id: 'fork' });
    } catch (cause) {
      showTrouble('This step could not be forked', cause);
    } finally {
      setBusy(false);
    }
  };
  return { fork, busy };
}
