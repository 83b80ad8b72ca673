// Runs that ended near this one: by their tokens, or by what their pictures show.
'use client';
import { Telescope } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useQuery } from 'urql';
import { cx } from '../../lib/cx.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { NeighboursDocument, PictureNeighboursDocument } from './documents.ts';
import { formatNumber } from './format.ts';
import { runTitle } from './run-title.ts';
import { Thumb } from './thumb.tsx';
import { Loading } from './workspace-gate.tsx';

type Kind = 'picture' | 'position' | 'overlap';

const KINDS: Readonly<Record<Kind, string>> = {
  picture: 'By picture',
  position: 'Same token, same place',
  overlap: 'Shared tokens',
};

export interface NeighboursProps {
  readonly workspaceId: string;
  readonly runId: string;
  /** Tokens can be compared for a tokenizer with a codebook only. */
  readonly hasCodebook: boolean;
}

export function Neighbours({ workspaceId, runId, hasCodebook }: NeighboursProps) {
  const [kind, setKind] = useState<Kind>('picture');
  const kinds = (Object.keys(KINDS) as Kind[]).filter((name) => name === 'picture' || hasCodebook);
  return (
    <div className="flex flex-col gap-3">
      <fieldset className="flex flex-wrap gap-1">
        <legend className="sr-only">Nearest by</legend>
        {kinds.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === kind}
            onClick={() => setKind(name)}
            className={cx(
              'h-7 rounded-md px-2 text-xs',
              name === kind ? 'bg-hover text-ink' : 'text-ink-soft hover:bg-hover',
            )}
          >
            {KINDS[name]}
          </button>
        ))}
      </fieldset>
      {kind === 'picture' ? (
        <ByPicture workspaceId={workspaceId} runId={runId} />
      ) : (
        <ByTokens workspaceId={workspaceId} runId={runId} by={kind === 'position' ? 'POSITION' : 'OVERLAP'} />
      )}
    </div>
  );
}

interface Near {
  readonly note: string;
  readonly run: {
    readonly id: string;
    readonly name: string | null;
    readonly prompts: readonly string[];
    readonly picture: { readonly url: string } | null;
  };
}

function ByPicture({ workspaceId, runId }: Omit<NeighboursProps, 'hasCodebook'>) {
  const [{ data, error }] = useQuery({ query: PictureNeighboursDocument, variables: { workspaceId, id: runId } });
  const found = data?.workspace?.runsNearImage.map(({ run, similarity }) => ({
    run,
    note: `similarity ${formatNumber(similarity, 3)}`,
  }));
  return <NearList runId={runId} found={found} error={error} />;
}

function ByTokens({
  workspaceId,
  runId,
  by,
}: Omit<NeighboursProps, 'hasCodebook'> & { readonly by: 'POSITION' | 'OVERLAP' }) {
  const [{ data, error }] = useQuery({ query: NeighboursDocument, variables: { workspaceId, id: runId, by } });
  const found = data?.workspace?.runsNearTokens.map(({ run, distance, overlap }) => ({
    run,
    note: by === 'POSITION' ? `${distance ?? 0} positions differ` : `${Math.round((overlap ?? 0) * 100)} % shared`,
  }));
  return <NearList runId={runId} found={found} error={error} />;
}

interface NearListProps {
  readonly runId: string;
  readonly found: readonly Near[] | undefined;
  readonly error: unknown;
}

function NearList({ runId, found, error }: NearListProps) {
  if (error && !found) return <ErrorState title="The search failed." cause={error} />;
  if (!found) return <Loading label="Looking" />;
  const others = found.filter(({ run }) => run.id !== runId);
  if (others.length === 0) {
    return (
      <EmptyState icon={Telescope} title="Nothing near it yet.">
        Finished runs of this workspace are compared; this one is the only one so far.
      </EmptyState>
    );
  }
  return (
    <ul className="grid grid-cols-3 gap-2">
      {others.map(({ run, note }) => (
        <li key={run.id} className="min-w-0">
          <Link href={`/runs/${run.id}`} className="block rounded-lg">
            <Thumb url={run.picture?.url} className="aspect-square w-full rounded-md object-cover" />
            <span className="mt-1 block truncate text-xs">{runTitle(run)}</span>
            <span className="tabular block truncate text-2xs text-ink-soft">{note}</span>
          </Link>
          <Link href={`/compare?runs=${runId},${run.id}`} className="text-2xs text-accent underline underline-offset-2">
            Compare
          </Link>
        </li>
      ))}
    </ul>
  );
}
