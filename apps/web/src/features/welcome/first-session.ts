// Which session somebody is led to: that of their share link, the newest one, or a new one.
import { graphql, type ResultOf } from '../../gql/graphql.ts';
import { mutate } from '../../gql/mutate.ts';

const CREATE = graphql(`
  mutation CreateFirstSession($input: CreateSessionInput!) {
    createSession(input: $input) { session { id } problem { code message field } }
  }
`);

const CREATE_WORKSPACE = graphql(`
  mutation CreateFirstWorkspace($input: CreateWorkspaceInput!) {
    createWorkspace(input: $input) {
      workspace { id sessions(first: 1) { nodes { id } } }
      problem { code message field }
    }
  }
`);

export interface Arrival {
  readonly user: { readonly name: string } | null;
  readonly sharedSession: { readonly id: string } | null;
  readonly workspaces: readonly {
    readonly id: string;
    readonly rights: readonly string[];
    readonly sessions: { readonly nodes: readonly { readonly id: string }[] };
  }[];
}

/** The address to go to. @throws TroubleError */
export async function openFirstSession({ user, sharedSession, workspaces }: Arrival): Promise<string> {
  const there = sharedSession ?? workspaces.flatMap(({ sessions }) => sessions.nodes)[0];
  if (there) return addressOf(there.id);
  const mine = workspaces.find(({ rights }) => rights.includes('EDIT'));
  if (!mine && user && workspaces.length === 0) return openNewWorkspace(user.name);
  if (!mine) return '/history';
  return openNewSession(mine.id);
}

async function openNewWorkspace(person: string): Promise<string> {
  const { workspace }: ResultOf<typeof CREATE_WORKSPACE>['createWorkspace'] = await mutate(CREATE_WORKSPACE, {
    input: { name: `${person}'s studio` },
  });
  if (!workspace) return '/history';
  const there = workspace.sessions.nodes[0];
  return there ? addressOf(there.id) : openNewSession(workspace.id);
}

async function openNewSession(workspaceId: string): Promise<string> {
  const { session }: ResultOf<typeof CREATE>['createSession'] = await mutate(CREATE, {
    input: { workspaceId, name: 'First session' },
  });
  return session ? addressOf(session.id) : '/history';
}

const addressOf = (id: string) => `/s/${encodeURIComponent(id)}`;
