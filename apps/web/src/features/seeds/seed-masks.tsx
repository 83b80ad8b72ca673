// The masks of a seed: white is what a run may change. New ones come from a black and white picture.
'use client';
import { Plus, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { mutate } from '../../gql/mutate.ts';
import { showTrouble, TroubleError } from '../../gql/problem.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Thumb } from '../run/thumb.tsx';
import { CreateMaskMutation, DeleteMaskMutation } from './documents.ts';
import { ACCEPTED, fileProblem, putUpload, seedName } from './upload.ts';

export interface SeedMasksProps {
  readonly workspaceId: string;
  readonly seedId: string;
  readonly masks: readonly { readonly id: string; readonly name: string; readonly picture: { readonly url: string } }[];
  readonly canEdit: boolean;
  readonly onChanged: () => void;
}

export function SeedMasks({ workspaceId, seedId, masks, canEdit, onChanged }: SeedMasksProps) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const add = async (file: File) => {
    setBusy(true);
    try {
      const problem = fileProblem(file);
      if (problem) throw new TroubleError({ code: 'BAD_INPUT', message: problem });
      const uploadId = await putUpload(workspaceId, 'MASK', file, new AbortController().signal, () => undefined);
      await mutate(CreateMaskMutation, { input: { seedId, uploadId, name: seedName(file.name) } });
      onChanged();
    } catch (cause) {
      showTrouble('The mask was not added.', cause);
    } finally {
      setBusy(false);
    }
  };
  const remove = async (maskId: string) => {
    try {
      await mutate(DeleteMaskMutation, { input: { maskId } });
      onChanged();
    } catch (cause) {
      showTrouble('The mask was not deleted.', cause);
    }
  };
  return (
    <section aria-label="Masks">
      <h3 className="mb-1.5 text-ink-soft text-xs">Masks</h3>
      <ul className="flex flex-wrap gap-3">
        {masks.map((mask) => (
          <li key={mask.id} className="relative w-24">
            <Thumb url={mask.picture.url} alt={mask.name} className="size-24 rounded-md border object-contain" />
            <span className="block truncate text-2xs text-ink-soft">{mask.name}</span>
            {canEdit && (
              <IconButton
                icon={X}
                label={`Delete the mask ${mask.name}`}
                size="sm"
                onClick={() => void remove(mask.id)}
                className="absolute top-0.5 right-0.5 bg-surface/85"
              />
            )}
          </li>
        ))}
        {canEdit && (
          <li className="flex size-24 items-center justify-center rounded-md border border-dashed">
            <Button look="ghost" size="sm" icon={Plus} busy={busy} onClick={() => input.current?.click()}>
              Add
            </Button>
            <input
              ref={input}
              type="file"
              accept={ACCEPTED}
              aria-label="A mask as a picture"
              className="hidden"
              onChange={(event) => {
                const [file] = event.target.files ?? [];
                event.target.value = '';
                if (file) void add(file);
              }}
            />
          </li>
        )}
      </ul>
      <p className="mt-1.5 text-2xs text-ink-faint">
        A black and white picture; what is white is generated anew. Masks can be painted in a session, too.
      </p>
    </section>
  );
}
