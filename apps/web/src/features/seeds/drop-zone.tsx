// Takes files that are dropped or pasted anywhere on the page.
'use client';
import { ImageUp } from 'lucide-react';
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react';

export interface DropZoneProps {
  /** Null: the viewer may not add seeds. */
  readonly onFiles: ((files: readonly File[]) => void) | null;
  readonly children: ReactNode;
}

export function DropZone({ onFiles, children }: DropZoneProps) {
  // Enter and leave come for every element on the way; only their balance tells.
  const [depth, setDepth] = useState(0);
  const latest = useRef(onFiles);
  latest.current = onFiles;
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) latest.current?.(files);
    };
    window.addEventListener('paste', onPaste);
    return () => window.removeEventListener('paste', onPaste);
  }, []);
  if (!onFiles) return children;
  const holdsFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  return (
    <section
      aria-label="Seed library"
      className="relative flex min-h-0 grow flex-col"
      onDragEnter={(event) => {
        if (holdsFiles(event)) setDepth(depth + 1);
      }}
      onDragLeave={(event) => {
        if (holdsFiles(event)) setDepth(Math.max(0, depth - 1));
      }}
      onDragOver={(event) => {
        if (holdsFiles(event)) event.preventDefault();
      }}
      onDrop={(event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        setDepth(0);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
      {depth > 0 && (
        <div className="pointer-events-none absolute inset-2 z-20 flex flex-col items-center justify-center gap-2 rounded-xl border-2 border-accent border-dashed bg-accent-soft/90">
          <ImageUp aria-hidden className="size-8" />
          <p className="text-sm">Drop the pictures to add them</p>
        </div>
      )}
    </section>
  );
}
