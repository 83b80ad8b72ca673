// Takes the token of a share link into this tab and leads to what it opens.
'use client';
import { Link2Off } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { forgetShareToken, keepShareToken } from '../../access/token.ts';
import { graphql } from '../../gql/graphql.ts';
import { troubleOf } from '../../gql/problem.ts';
import { ask } from '../../gql/query.ts';
import { resetSocket } from '../../gql/socket.ts';
import { AppShell } from '../../shell/app-shell.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Spinner } from '../../ui/spinner.tsx';

const SHARED = graphql(`
  query SharedHere {
    viewer {
      kind
      sharedSession { id }
      sharedWorkspace { id }
    }
  }
`);

export function OpenShareLink({ token }: { readonly token: string }) {
  const router = useRouter();
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let left = false;
    const open = async () => {
      keepShareToken(token);
      await resetSocket();
      const { viewer } = await ask(SHARED, {});
      if (left) return;
      if (viewer.sharedSession) router.replace(`/s/${encodeURIComponent(viewer.sharedSession.id)}`);
      else if (viewer.sharedWorkspace) router.replace('/history');
      else throw new Error('This link is over, or it was taken back. Ask whoever sent it for a new one.');
    };
    open().catch((cause: unknown) => {
      forgetShareToken();
      if (!left) setProblem(troubleOf(cause).message);
    });
    return () => {
      left = true;
    };
  }, [token, router]);
  return (
    <AppShell>
      {problem === null ? (
        <p role="status" className="m-auto flex items-center gap-2 text-ink-soft text-sm">
          <Spinner /> Opening the link…
        </p>
      ) : (
        <EmptyState
          icon={Link2Off}
          title="This link does not open anything."
          className="grow"
          action={
            <Link href="/" className="text-accent text-sm underline underline-offset-2">
              Go to the studio
            </Link>
          }
        >
          {problem}
        </EmptyState>
      )}
    </AppShell>
  );
}
