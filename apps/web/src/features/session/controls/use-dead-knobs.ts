// Asks the server what the document would run as, a moment after it was changed.
'use client';
import { useEffect, useState } from 'react';
import { graphql } from '../../../gql/graphql.ts';
import { ask } from '../../../gql/query.ts';
import { useDocumentView } from '../document/document-context.tsx';
import { useSession } from '../session-context.tsx';

const CHECK = graphql(`
  query CheckSession($id: ID!) {
    session(id: $id) { document { check { deadKnobs problem { code message field } } } }
  }
`);

/** ms of quiet: typing asks once. */
const SETTLE_MS = 900;

interface Found {
  readonly knobs: readonly string[];
  /** What keeps it from running, as far as the button does not say it itself. */
  readonly problem: string | null;
}

const NOTHING: Found = { knobs: [], problem: null };

export function useDeadKnobs(): Found {
  const { session } = useSession();
  const [found, setFound] = useState<Found>(NOTHING);
  const prompt = useDocumentView((view) => view.prompt);
  const negativePrompt = useDocumentView((view) => view.negativePrompt);
  const settings = useDocumentView((view) => view.settings);
  const objectives = useDocumentView((view) => view.objectives);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of the document asks again
  useEffect(() => {
    let stale = false;
    const timer = setTimeout(() => {
      ask(CHECK, { id: session.id })
        .then((answer) => {
          const check = answer.session?.document.check;
          if (stale || !check) return;
          const obvious = prompt.trim() === '' || (settings.startFrom === 'seed' && settings.seedId === null);
          setFound({ knobs: check.deadKnobs, problem: obvious ? null : (check.problem?.message ?? null) });
        })
        // A hint that does not come is no trouble of its own.
        .catch(() => {});
    }, SETTLE_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [session.id, prompt, negativePrompt, settings, objectives]);
  return found;
}
