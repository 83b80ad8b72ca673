// How many tokens are locked, what that means, and the way out: also where no token is shown.
'use client';
import { Lock } from 'lucide-react';
import { useDocumentView } from '../document/document-context.tsx';
import { useEdit } from '../document/use-edit.ts';
import { useWhyNot } from '../session-context.tsx';

/** `of`: tokens that a picture has. */
export function LockNote({ of }: { readonly of?: number }) {
  const edit = useEdit();
  const readOnly = useWhyNot('EDIT');
  const locked = useDocumentView(({ lockedPositions }) => lockedPositions);
  const fromNoise = useDocumentView(({ settings }) => settings.startFrom === 'noise');
  if (locked.length === 0) return null;
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 text-ink-soft text-xs">
      <Lock aria-hidden className="size-3" />
      {locked.length === of
        ? 'All tokens are locked: a run changes nothing.'
        : `${locked.length} locked for everybody: ${fromNoise ? 'what noise puts there' : 'what a run starts with there'} stays.`}
      {!readOnly && (
        <button
          type="button"
          onClick={() => edit.lock(locked, false)}
          className="rounded-sm text-accent underline-offset-2 hover:underline"
        >
          Unlock all
        </button>
      )}
    </p>
  );
}
