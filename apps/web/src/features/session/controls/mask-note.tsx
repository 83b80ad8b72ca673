// A mask is kept only by a run that puts back what it keeps: said where it would do nothing, with the way out.
'use client';
import { Button } from '../../../ui/button.tsx';
import { useDocumentView } from '../document/document-context.tsx';
import { useEdit } from '../document/use-edit.ts';
import { useWhyNot } from '../session-context.tsx';

/** As in the command line's inpainting. */
const RESET_EVERY = 50;

export function MaskNote() {
  const edit = useEdit();
  const readOnly = useWhyNot('EDIT');
  const painted = useDocumentView(({ strokes }) => strokes.length > 0);
  const used = useDocumentView(
    ({ settings, objectives }) =>
      settings.resetEvery > 0 || objectives.some(({ kind }) => kind === 'l1' || kind === 'l2'),
  );
  if (!painted || used) return null;
  const setUp = () => {
    edit.setting({ resetEvery: RESET_EVERY });
    edit.addObjective({ id: crypto.randomUUID(), kind: 'l1', weight: 1 });
  };
  return (
    <div className="grid gap-1.5 rounded-md bg-warn-soft px-2.5 py-2 text-warn text-xs">
      <p>The mask does nothing yet: no objective and no reset compares with the picture.</p>
      {!readOnly && (
        <Button size="sm" onClick={setUp} className="justify-self-start !text-ink">
          Keep what is outside the mask
        </Button>
      )}
    </div>
  );
}
