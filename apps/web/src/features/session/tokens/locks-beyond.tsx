// Locks that the chosen tokenizer has no position for, as after a switch to a smaller one: a run is refused until they are gone.
'use client';
import { Button } from '../../../ui/button.tsx';
import { useDocumentView } from '../document/document-context.tsx';
import { useEdit } from '../document/use-edit.ts';
import { useSession, useWhyNot } from '../session-context.tsx';

export function LocksBeyond() {
  const { models, studio } = useSession();
  const edit = useEdit();
  const readOnly = useWhyNot('EDIT');
  const id = useDocumentView(({ settings }) => settings.tokenizer ?? studio.defaultTokenizer);
  const locked = useDocumentView((view) => view.lockedPositions);
  const { name, positions } = models.find((model) => model.kind === 'TOKENIZER' && model.id === id) ?? {};
  const beyond = positions ? locked.filter((position) => position >= positions) : [];
  if (!positions || beyond.length === 0) return null;
  const last = positions - 1;
  return (
    <div role="status" className="grid gap-1.5 rounded-md bg-warn-soft px-2.5 py-2 text-warn text-xs">
      <p>
        {beyond.length === 1 ? `The lock of token ${beyond[0]} lies` : `${beyond.length} locks lie`} beyond the last
        token of {name}, {last}: no run can start.
      </p>
      {!readOnly && (
        <Button size="sm" onClick={() => edit.lock(beyond, false)} className="justify-self-start !text-ink">
          Drop locks beyond {last}
        </Button>
      )}
    </div>
  );
}
