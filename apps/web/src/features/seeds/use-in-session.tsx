// Makes a seed the picture that a session edits.
'use client';
import { ArrowRight } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useQuery } from 'urql';
import { mutate } from '../../gql/mutate.ts';
import { showTrouble } from '../../gql/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { SessionChoicesDocument, UseSeedMutation } from './documents.ts';
import { rawId } from './raw-id.ts';

export interface UseInSessionProps {
  readonly workspaceId: string;
  readonly seedId: string;
}

export function UseInSession({ workspaceId, seedId }: UseInSessionProps) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [{ data }] = useQuery({ query: SessionChoicesDocument, variables: { workspaceId } });
  const sessions = data?.workspace?.sessions.nodes.filter(({ rights }) => rights.includes('EDIT')) ?? [];
  const take = async (sessionId: string) => {
    setBusy(true);
    try {
      await mutate(UseSeedMutation, { input: { sessionId, settings: { seedId: rawId(seedId), startFrom: 'seed' } } });
      router.push(`/s/${sessionId}`);
    } catch (cause) {
      showTrouble('The session did not take the seed.', cause);
      setBusy(false);
    }
  };
  const [only] = sessions;
  const look = { look: 'primary', icon: ArrowRight, busy } as const;
  if (sessions.length > 1) {
    return (
      <Menu
        trigger={<Button {...look}>Use in a session</Button>}
        groups={[sessions.map(({ id, name }) => ({ id, label: name, onSelect: () => void take(id) }))]}
      />
    );
  }
  return (
    <Button
      {...look}
      disabled={!only && 'There is no session that you may edit.'}
      hint={only && `In “${only.name}”`}
      onClick={() => only && void take(only.id)}
    >
      Use in the session
    </Button>
  );
}
