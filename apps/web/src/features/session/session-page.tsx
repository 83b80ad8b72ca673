// A session: opens it, then shows the studio.
'use client';
import { FolderX } from 'lucide-react';
import Link from 'next/link';
import { useEffect } from 'react';
import { useQuery } from 'urql';
import { troubleOf } from '../../gql/problem.ts';
import { AppShell } from '../../shell/app-shell.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { CommentsProvider } from './comments/comments-context.tsx';
import { DocumentProvider } from './document/document-context.tsx';
import { PresenceProvider } from './presence/presence-context.tsx';
import { SessionContext } from './session-context.tsx';
import { MODELS, type Model, SESSION } from './session-query.ts';
import { SessionSkeleton } from './session-skeleton.tsx';
import { Studio } from './studio.tsx';
import { ViewProvider } from './view/view-context.tsx';

const NO_MODELS: readonly Model[] = [];

/** ms until a worker is asked for again. */
const RETRY_MS = 3_000;

export function SessionPage({ sessionId }: { readonly sessionId: string }) {
  const [{ data, error }, reload] = useQuery({
    query: SESSION,
    variables: { id: sessionId },
    requestPolicy: 'network-only',
  });
  const { catalogue, noWorker } = useCatalogue();
  const models = catalogue?.models ?? NO_MODELS;
  if (data?.session) {
    const { session } = data;
    return (
      <SessionContext value={{ ...data, session, models, noWorker }}>
        <DocumentProvider sessionId={session.id}>
          <PresenceProvider sessionId={session.id}>
            <ViewProvider sessionId={session.id} workspaceId={session.workspace.id}>
              <CommentsProvider>
                <Studio />
              </CommentsProvider>
            </ViewProvider>
          </PresenceProvider>
        </DocumentProvider>
      </SessionContext>
    );
  }
  return (
    <AppShell full>
      {error ? (
        <ErrorState
          title="The session did not open."
          cause={error}
          onRetry={reload}
          className="m-auto"
          action={<SignInLink />}
        />
      ) : data ? (
        <EmptyState icon={FolderX} title="This session is not here." className="grow" action={<SignInLink />}>
          It was deleted, or you may not see it. If somebody sent you a link, open that link again.
        </EmptyState>
      ) : (
        <SessionSkeleton />
      )}
    </AppShell>
  );
}

/** Asked again until a worker answers. */
function useCatalogue() {
  const [{ data: catalogue, error }, again] = useQuery({ query: MODELS, requestPolicy: 'cache-first' });
  useEffect(() => {
    if (!error) return;
    const timer = setTimeout(() => again({ requestPolicy: 'network-only' }), RETRY_MS);
    return () => clearTimeout(timer);
  }, [error, again]);
  return { catalogue, noWorker: !catalogue && error !== undefined && troubleOf(error).code === 'UNAVAILABLE' };
}

function SignInLink() {
  return (
    <Link href="/" className="self-center text-accent text-sm underline underline-offset-2">
      Go to the studio
    </Link>
  );
}
