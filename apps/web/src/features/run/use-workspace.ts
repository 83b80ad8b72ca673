// The workspace whose runs and seeds the pages show: the first one of the viewer, or the one that a share link opens.
'use client';
import { useQuery } from 'urql';
import { graphql } from '../../gql/graphql.ts';

const WorkspaceDocument = graphql(`
  query CurrentWorkspace {
    viewer {
      user { id name }
      workspaces { id name rights }
      sharedWorkspace { id name rights }
    }
  }
`);

export interface CurrentWorkspace {
  readonly id: string;
  readonly name: string;
  readonly can: { readonly run: boolean; readonly edit: boolean; readonly comment: boolean };
  readonly userId: string | null;
}

export type WorkspaceState =
  | { readonly state: 'loading' }
  | { readonly state: 'error'; readonly cause: unknown; readonly retry: () => void }
  | { readonly state: 'none' }
  | { readonly state: 'ready'; readonly workspace: CurrentWorkspace };

/** What a list of rights allows, in the words of the pages. */
export function abilities(rights: readonly string[]): CurrentWorkspace['can'] {
  return { run: rights.includes('RUN'), edit: rights.includes('EDIT'), comment: rights.includes('COMMENT') };
}

export function useWorkspace(): WorkspaceState {
  const [{ data, error }, again] = useQuery({ query: WorkspaceDocument, requestPolicy: 'cache-first' });
  if (error) return { state: 'error', cause: error, retry: () => again({ requestPolicy: 'network-only' }) };
  if (!data) return { state: 'loading' };
  const { workspaces, sharedWorkspace, user } = data.viewer;
  const found = sharedWorkspace ?? workspaces[0];
  if (!found) return { state: 'none' };
  const { id, name, rights } = found;
  return { state: 'ready', workspace: { id, name, can: abilities(rights), userId: user?.id ?? null } };
}
