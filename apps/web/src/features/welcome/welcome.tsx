// Leads a newcomer into the first session of the first workspace.
'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { graphql } from '../../gql/graphql.ts';
import { ask } from '../../gql/query.ts';
import { AppShell } from '../../shell/app-shell.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SessionSkeleton } from '../session/session-skeleton.tsx';
import { openFirstSession } from './first-session.ts';

const HOME = graphql(`
  query Home {
    viewer {
      kind
      user { name }
      sharedSession { id }
      workspaces { id rights sessions(first: 1) { nodes { id } } }
    }
  }
`);

export function Welcome() {
  const router = useRouter();
  const [trouble, setTrouble] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again
  useEffect(() => {
    let left = false;
    const lead = async () => {
      const { viewer } = await ask(HOME, {});
      const target = viewer.kind === 'NOBODY' ? '/sign-in' : await openFirstSession(viewer);
      if (!left) router.replace(target);
    };
    lead().catch((cause: unknown) => !left && setTrouble(cause));
    return () => {
      left = true;
    };
  }, [router, attempt]);
  return (
    <AppShell full>
      {trouble === null ? (
        <SessionSkeleton />
      ) : (
        <ErrorState
          title="The studio does not answer."
          cause={trouble}
          className="m-auto"
          onRetry={() => {
            setTrouble(null);
            setAttempt(attempt + 1);
          }}
        />
      )}
    </AppShell>
  );
}
