// A fork of the shown step with some tokens set by index.
'use client';
import { useState } from 'react';
import { toast } from 'sonner';
import { graphql } from '../../../gql/graphql.ts';
import { mutate } from '../../../gql/mutate.ts';
import { showTrouble } from '../../../gql/problem.ts';
import { useDocument } from '../document/document-context.tsx';
import { documentPlan, forkOverrides } from '../runs/document-plan.ts';
import { useSession } from '../session-context.tsx';
import { useViewStore } from '../view/view-context.tsx';
import type { PlacedToken } from './stone.ts';

const PASTE = graphql(`
  mutation PasteTokens($input: PasteTokensInput!) {
    pasteTokens(input: $input) { run { id } problem { code message field } }
  }
`);

export function usePaste() {
  const view = useViewStore();
  const document = useDocument();
  const { studio } = useSession();
  const [busy, setBusy] = useState(false);
  const paste = async (runId: string, step: number, tokens: readonly PlacedToken[]) => {
    if (tokens.length === 0) return void toast('Nothing to paste: the positions are locked.');
    setBusy(true);
    try {
      const plan = forkOverrides(documentPlan(document.view.getState(), studio));
      const input = { runId, step, tokens: [...tokens], plan, idempotencyKey: crypto.randomUUID() };
      const { run } = await mutate(PASTE, { input });
      if (run) view.setState({ target: { type: 'run', runId: run.id }, step: null, playing: false });
      toast(`Forked at step ${step} with ${tokens.length} ${tokens.length === 1 ? 'token' : 'tokens'} set`, {
        id: 'fork',
      });
    } catch (cause) {
      showTrouble('The tokens could not be set', cause);
    } finally {
      setBusy(false);
    }
  };
  return { paste, busy };
}
