// The session's name, changed in place; its workspace before it.
'use client';
import { useState } from 'react';
import { graphql } from '../../gql/graphql.ts';
import { mutate } from '../../gql/mutate.ts';
import { showTrouble } from '../../gql/problem.ts';
import { PlaceName } from '../../shell/place-name.tsx';
import { useSession, useWhyNot } from './session-context.tsx';

const RENAME = graphql(`
  mutation RenameSession($input: UpdateSessionInput!) {
    updateSession(input: $input) { session { id name } problem { code message field } }
  }
`);

export function SessionName() {
  const { session } = useSession();
  const readOnly = useWhyNot('EDIT');
  const [draft, setDraft] = useState<string | null>(null);
  const save = () => {
    const name = draft?.trim() ?? '';
    setDraft(null);
    if (name === '' || name === session.name) return;
    mutate(RENAME, { input: { sessionId: session.id, name } }).catch((cause: unknown) =>
      showTrouble('The name was not changed', cause),
    );
  };
  return (
    <PlaceName workspace={session.workspace.name} heading>
      {readOnly ? (
        <span className="truncate">{session.name}</span>
      ) : (
        <input
          aria-label="Name of the session"
          value={draft ?? session.name}
          maxLength={200}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={save}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur();
            if (event.key === 'Escape') setDraft(null);
          }}
          className="field-sizing-content min-w-0 max-w-56 truncate rounded-sm bg-transparent px-1 hover:bg-hover"
        />
      )}
    </PlaceName>
  );
}
