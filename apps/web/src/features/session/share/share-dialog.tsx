// Sharing the session: make a link to look or to edit, see the links there are, take them back.
'use client';
import { Check, Copy, Link2 } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { graphql, type ResultOf } from '../../../gql/graphql.ts';
import { mutate } from '../../../gql/mutate.ts';
import { showTrouble } from '../../../gql/problem.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { TextInput } from '../../../ui/field.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Select } from '../../../ui/select.tsx';
import { useSession } from '../session-context.tsx';

const LINKS = graphql(`
  query SessionLinks($id: ID!) {
    session(id: $id) {
      id
      shareLinks { id access createdAt expiresAt revokedAt createdBy { name } }
    }
  }
`);

const CREATE = graphql(`
  mutation CreateShareLink($input: CreateShareLinkInput!) {
    createShareLink(input: $input) { shareLink { id } token problem { code message field } }
  }
`);

const REVOKE = graphql(`
  mutation RevokeShareLink($input: RevokeShareLinkInput!) {
    revokeShareLink(input: $input) { shareLink { id revokedAt } problem { code message } }
  }
`);

const ACCESS = [
  { value: 'VIEW', label: 'may look' },
  { value: 'EDIT', label: 'may edit' },
] as const;

export function ShareDialog({ onClose }: { readonly onClose: () => void }) {
  const { session, studio } = useSession();
  const [{ data, error }, reload] = useQuery({
    query: LINKS,
    variables: { id: session.id },
    requestPolicy: 'network-only',
  });
  const [access, setAccess] = useState<(typeof ACCESS)[number]['value']>('VIEW');
  const [made, setMade] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const create = async () => {
    setBusy(true);
    try {
      const { token } = await mutate(CREATE, {
        input: { workspaceId: session.workspace.id, sessionId: session.id, access },
      });
      setMade(token && `${window.location.origin}/share/${encodeURIComponent(token)}`);
      reload();
    } catch (cause) {
      showTrouble('The link could not be made', cause);
    } finally {
      setBusy(false);
    }
  };
  const revoke = async (shareLinkId: string) => {
    try {
      await mutate(REVOKE, { input: { shareLinkId, workspaceId: session.workspace.id } });
      reload();
    } catch (cause) {
      showTrouble('The link could not be taken back', cause);
    }
  };
  const links = (data?.session?.shareLinks ?? []).filter(({ revokedAt }) => revokedAt === null);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Share this session"
      description="Whoever holds a link sees this session and its runs live. You can take a link back at any time."
    >
      <div className="grid gap-5">
        <div className="flex items-center gap-2">
          <span className="text-sm">Whoever has the link</span>
          <span className="w-32">
            <Select label="What the link allows" value={access} options={ACCESS} onChange={setAccess} />
          </span>
          <Button look="primary" icon={Link2} busy={busy} onClick={() => void create()} className="ml-auto">
            Make a link
          </Button>
        </div>
        {made && <MadeLink url={made} />}
        {!studio.accounts && (
          <p className="text-ink-soft text-xs">
            This studio runs without accounts and answers on this machine only: links work here, and everybody here may
            do everything. Start it with accounts to share over a network.
          </p>
        )}
        {error && <p className="text-danger text-xs">The links did not load. {error.message}</p>}
        {links.length > 0 && (
          <ul aria-label="Links" className="grid gap-1">
            {links.map((link) => (
              <LinkRow key={link.id} link={link} onRevoke={() => void revoke(link.id)} />
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}

function MadeLink({ url }: { readonly url: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard?.writeText(url).then(
      () => setCopied(true),
      // The field is selected instead.
      () => {},
    );
  };
  return (
    <div className="grid gap-1">
      <div className="flex gap-1">
        <TextInput
          readOnly
          value={url}
          aria-label="The link"
          onFocus={(event) => event.target.select()}
          className="font-mono text-xs"
        />
        <IconButton icon={copied ? Check : Copy} label={copied ? 'Copied' : 'Copy the link'} onClick={copy} />
      </div>
      <p className="text-ink-faint text-xs">Shown this once; nobody can look it up later.</p>
    </div>
  );
}

type Link = NonNullable<ResultOf<typeof LINKS>['session']>['shareLinks'][number];

function LinkRow({ link, onRevoke }: { readonly link: Link; readonly onRevoke: () => void }) {
  const made = new Date(link.createdAt).toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
  return (
    <li className="flex items-center justify-between gap-2 rounded-md border px-3 py-1.5 text-sm">
      <span>
        {link.access === 'EDIT' ? 'May edit' : 'May look'}
        <span className="ml-2 text-ink-faint text-xs">
          made {made}
          {link.createdBy && ` by ${link.createdBy.name}`}
        </span>
      </span>
      <Button size="sm" look="danger" onClick={onRevoke}>
        Take back
      </Button>
    </li>
  );
}
