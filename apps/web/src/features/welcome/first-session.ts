// Which session somebody is led to: that of their share link, the newest one, or a new one.
import { graphql, type ResultOf } from '../../gql/graphql.ts';
import { mutate } from '../../gql/mutate.ts';

const CREATE = graphql(`
  mutation CreateFirstSession($input: CreateSessionInput!) {
    createSession(input: $input) { session { id } problem { code message field } }
  }
`);

export interface Arrival {
  readonly sharedSession: { readonly id: string } | null;
  readonly workspaces: readonly {
    readonly id: string;
    readonly rights: readonly string[];
    readonly sessions: { readonly nodes: readonly { readonly id: string }[] };
  }[];
}

/** The address to go to. @throws TroubleError */
export async function openFirstSession({ sharedSession, workspaces }: Arrival): Promise<string> {
  const there = sharedSession ?? workspaces.flatMap(({ sessions }) => sessions.nodes)[0];
  if (there) return addressOf(there.id);
  const mine = workspaces.find(({ rights }) => rights.includes('EDIT'));
  if (!mine) return '/history';
  const { session }: ResultOf<typeof CREATE>['createSession'] = await mutate(CREATE, {
    input: { workspaceId: mine.id, name: 'First session' },
  });
  return addressOf(session?.id ?? '');
}

const addressOf = (id: string) => `/s/${encodeURIComponent(id)}`;
