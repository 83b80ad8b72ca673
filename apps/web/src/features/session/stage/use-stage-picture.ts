// The picture to show: of the shown step, else of the start picture.
'use client';
import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../../../gql/graphql.ts';
import { showTrouble } from '../../../gql/problem.ts';
import { globalId } from '../../../lib/node-id.ts';
import { useDocumentView } from '../document/document-context.tsx';
import { frameOf, requestFrame } from '../time/frames.ts';
import { useShown } from '../view/shown.ts';

const START = graphql(`
  query StartPicture($id: ID!) {
    seed(id: $id) { id name picture(size: 256) { dataUrl url } }
  }
`);

export interface StagePicture {
  readonly src: string | null;
  /** The server decodes it. */
  readonly waiting: boolean;
  /** `loading`: a start picture is chosen and on its way. */
  readonly kind: 'step' | 'seed' | 'loading' | 'nothing';
}

export function useStagePicture(): StagePicture {
  const { runId, step } = useShown();
  const start = useStartPicture();
  const ofStep = useStepPicture(runId, step);
  if (runId !== null && step !== null) return { ...ofStep, kind: 'step' };
  return { src: start.src, waiting: start.waiting, kind: start.src ? 'seed' : start.waiting ? 'loading' : 'nothing' };
}

function useStartPicture(): { readonly src: string | null; readonly waiting: boolean } {
  const seedId = useDocumentView(({ settings }) => (settings.startFrom === 'seed' ? settings.seedId : null));
  const [{ data, error }] = useQuery({
    query: START,
    variables: { id: globalId('Seed', seedId ?? '') },
    pause: seedId === null,
    requestPolicy: 'cache-first',
  });
  const picture = seedId === null ? null : data?.seed?.picture;
  return { src: picture?.dataUrl ?? picture?.url ?? null, waiting: seedId !== null && !data && !error };
}

function useStepPicture(runId: string | null, step: number | null) {
  const known = runId !== null && step !== null ? frameOf(runId, step) : undefined;
  const [decoded, setDecoded] = useState<{ readonly key: string; readonly src: string } | null>(null);
  const key = `${runId}:${step}`;
  useEffect(() => {
    if (runId === null || step === null || known) return;
    let stale = false;
    requestFrame(runId, step)
      .then((src) => {
        if (src && !stale) setDecoded({ key, src });
      })
      .catch((cause: unknown) => !stale && showTrouble('This step could not be decoded', cause));
    return () => {
      stale = true;
    };
  }, [runId, step, known, key]);
  const src = known ?? (decoded?.key === key ? decoded.src : null);
  return { src, waiting: src === null };
}
