// The seeds that the library shows: all of them page by page, or ranked by a text or by another seed.
'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { follow } from '../../gql/follow.ts';
import { type Trouble, troubleOf } from '../../gql/problem.ts';
import { ask } from '../../gql/query.ts';
import { WorkspaceChangedSubscription } from '../history/documents.ts';
import { type SeedCard, SeedsByTextDocument, SeedsDocument, SeedsLikeDocument } from './documents.ts';

export type SeedQuestion =
  | { readonly by: 'time'; readonly tags: readonly string[] }
  | { readonly by: 'text'; readonly text: string }
  | { readonly by: 'seed'; readonly seedId: string };

export interface ShownSeed {
  readonly seed: SeedCard;
  /** CLIP similarity, where seeds are ranked. */
  readonly similarity: number | null;
}

export interface SeedsState {
  /** Null until the first answer. */
  readonly seeds: readonly ShownSeed[] | null;
  readonly cursor: string | null;
  readonly trouble: Trouble | null;
}

const PAGE = 48;
const NOTHING: SeedsState = { seeds: null, cursor: null, trouble: null };

async function answer(
  workspaceId: string,
  question: SeedQuestion,
  first: number,
  after: string | null,
): Promise<SeedsState> {
  switch (question.by) {
    case 'time': {
      const tags = question.tags.length > 0 ? [...question.tags] : null;
      const { workspace } = await ask(SeedsDocument, { workspaceId, first, after, tags });
      const page = workspace?.seeds;
      const seeds = page?.nodes.map((seed) => ({ seed, similarity: null })) ?? [];
      return { seeds, cursor: page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null, trouble: null };
    }
    case 'text': {
      const { workspace } = await ask(SeedsByTextDocument, { workspaceId, text: question.text });
      return ranked(workspace?.seedsNearImage ?? []);
    }
    case 'seed': {
      const { workspace } = await ask(SeedsLikeDocument, { workspaceId, seedId: question.seedId });
      return ranked((workspace?.seedsNearImage ?? []).filter(({ seed }) => seed.id !== question.seedId));
    }
    default:
      return question satisfies never;
  }
}

function ranked(found: readonly { readonly seed: SeedCard; readonly similarity: number | null }[]): SeedsState {
  return { seeds: found.map(({ seed, similarity }) => ({ seed, similarity })), cursor: null, trouble: null };
}

export function useSeeds(workspaceId: string, question: SeedQuestion) {
  const key = JSON.stringify(question);
  const [held, setHeld] = useState<{ readonly key: string; readonly state: SeedsState }>({ key, state: NOTHING });
  const latest = useRef(key);
  latest.current = key;
  const state = held.key === key ? held.state : NOTHING;
  const shown = state.seeds?.length ?? 0;

  const load = useCallback(
    async (first: number, after: string | null) => {
      try {
        const next = await answer(workspaceId, JSON.parse(key) as SeedQuestion, first, after);
        if (latest.current !== key) return;
        setHeld((before) => {
          const old = after !== null && before.key === key ? (before.state.seeds ?? []) : [];
          return { key, state: { ...next, seeds: [...old, ...(next.seeds ?? [])] } };
        });
      } catch (cause) {
        if (latest.current !== key) return;
        setHeld((before) => ({
          key,
          state: { ...(before.key === key ? before.state : NOTHING), trouble: troubleOf(cause) },
        }));
      }
    },
    [workspaceId, key],
  );

  useEffect(() => {
    void load(PAGE, null);
  }, [load]);

  const refresh = useRef<() => void>(() => undefined);
  refresh.current = () => void load(Math.min(100, Math.max(PAGE, shown)), null);
  useEffect(
    () =>
      follow(WorkspaceChangedSubscription, () => ({ workspaceId }), {
        next: ({ workspaceChanged: { kind } }) => {
          if (kind === 'SEED' || kind === 'MASK') refresh.current();
        },
      }),
    [workspaceId],
  );

  return {
    ...state,
    refresh: useCallback(() => refresh.current(), []),
    more: state.cursor === null ? null : () => void load(PAGE, state.cursor),
  };
}
