// Files on their way into the library, at the corner of the page.
'use client';
import { Check, CircleAlert, X } from 'lucide-react';
import { useEffect } from 'react';
import { IconButton } from '../../ui/icon-button.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { count } from '../run/format.ts';
import { dismiss, dismissFinished, type Upload, type UploadState, useUploads } from './upload-queue.ts';

/** ms after which files that made it leave the tray. */
const LINGER_MS = 4000;

export function UploadTray() {
  const uploads = useUploads((state) => state.uploads);
  const busy = uploads.some(({ state }) => state.stage !== 'done' && state.stage !== 'failed');
  useEffect(() => {
    if (busy || uploads.length === 0) return;
    const timer = setTimeout(dismissFinished, LINGER_MS);
    return () => clearTimeout(timer);
  }, [busy, uploads]);
  if (uploads.length === 0) return null;
  const done = uploads.filter(({ state }) => state.stage === 'done').length;
  const failed = uploads.filter(({ state }) => state.stage === 'failed').length;
  return (
    <section
      aria-label="Uploads"
      className="animate-rise fixed right-4 bottom-4 z-20 w-[min(22rem,calc(100vw-2rem))] rounded-xl border bg-raised shadow-float"
    >
      <p role="status" className="tabular border-b px-3 py-2 text-sm">
        {busy ? `${done} of ${count(uploads.length, 'file')}` : `${count(done, 'file')} added`}
        {failed > 0 && <span className="text-danger">, {failed} not</span>}
      </p>
      <ul className="thin-scroll max-h-64 overflow-y-auto py-1">
        {uploads.map((upload) => (
          <Row key={upload.id} upload={upload} />
        ))}
      </ul>
    </section>
  );
}

function Row({ upload: { id, file, state } }: { readonly upload: Upload }) {
  const words = wordsFor(state);
  return (
    <li className="flex items-center gap-2 px-3 py-1.5 text-xs">
      {state.stage === 'done' ? (
        <Check aria-hidden className="size-4 shrink-0 text-good" />
      ) : state.stage === 'failed' ? (
        <CircleAlert aria-hidden className="size-4 shrink-0 text-danger" />
      ) : (
        <Spinner className="size-4 shrink-0" />
      )}
      <span className="min-w-0 grow">
        <span className="block truncate">{file.name}</span>
        <span className={state.stage === 'failed' ? 'block text-danger' : 'tabular block text-ink-faint'}>{words}</span>
      </span>
      <IconButton
        icon={X}
        label={state.stage === 'done' || state.stage === 'failed' ? `Dismiss ${file.name}` : `Stop ${file.name}`}
        size="sm"
        onClick={() => dismiss(id)}
      />
    </li>
  );
}

function wordsFor(state: UploadState): string {
  switch (state.stage) {
    case 'waiting':
      return 'Waits for its turn';
    case 'sending':
      return `Sending, ${Math.round(state.share * 100)} %`;
    case 'checking':
      return 'The server reads it';
    case 'done':
      return 'In the library';
    case 'failed':
      return state.problem;
    default:
      return state satisfies never;
  }
}
