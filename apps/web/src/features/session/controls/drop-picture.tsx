// A place to drop a picture on, or to choose a file.
'use client';
import { ImageUp } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import { showTrouble } from '../../../gql/problem.ts';
import { cx } from '../../../lib/cx.ts';
import { Spinner } from '../../../ui/spinner.tsx';
import { useSession } from '../session-context.tsx';
import { uploadSeed } from './upload-seed.ts';

export function DropPicture({ onAdded }: { readonly onAdded: (seedId: string) => void }) {
  const { session } = useSession();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState(false);
  const take = (file: File | undefined) => {
    if (!file || busy) return;
    setBusy(true);
    uploadSeed(session.workspace.id, file)
      .then(onAdded)
      .catch((cause: unknown) => showTrouble('The picture could not be added', cause))
      .finally(() => setBusy(false));
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  return (
    <button
      type="button"
      onClick={() => input.current?.click()}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      aria-busy={busy}
      className={cx(
        'flex h-16 items-center justify-center gap-2 rounded-md border border-dashed text-xs',
        over ? 'border-accent bg-accent-soft' : 'border-line-strong text-ink-soft hover:bg-hover',
      )}
    >
      {busy ? <Spinner /> : <ImageUp aria-hidden className="size-4" />}
      {busy ? 'Uploading…' : 'Drop a picture, or choose a file'}
      <input
        ref={input}
        type="file"
        accept="image/png,image/jpeg,image/webp"
        className="hidden"
        tabIndex={-1}
        aria-label="Picture file"
        onClick={(event) => event.stopPropagation()}
        onChange={(event) => {
          take(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
    </button>
  );
}
