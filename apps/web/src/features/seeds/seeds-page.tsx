// The seed library: pictures to begin with. Add, search, sort by likeness, find one for a prompt.
'use client';
import { ImagePlus, Images, SearchX, X } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { AppShell } from '../../shell/app-shell.tsx';
import { useRegisterCommands } from '../../shell/commands.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { TextInput } from '../../ui/field.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { CurrentWorkspace } from '../run/use-workspace.ts';
import { WorkspaceGate } from '../run/workspace-gate.tsx';
import { AssociateSeed } from './associate-seed.tsx';
import { DropZone } from './drop-zone.tsx';
import { SeedDialog } from './seed-dialog.tsx';
import { SeedGrid } from './seed-grid.tsx';
import { TagFilter } from './tag-filter.tsx';
import { ACCEPTED } from './upload.ts';
import { enqueue } from './upload-queue.ts';
import { UploadTray } from './upload-tray.tsx';
import { type SeedQuestion, useSeeds } from './use-seeds.ts';

/** `seedId` is what the address names. */
export function SeedsPage({ seedId }: { readonly seedId: string | null }) {
  return (
    <AppShell full>
      <WorkspaceGate>{(workspace) => <Library workspace={workspace} initialSeed={seedId} />}</WorkspaceGate>
    </AppShell>
  );
}

/** ms without a key before the search follows: each one is encoded by CLIP. */
const PAUSE_MS = 400;

interface LibraryProps {
  readonly workspace: CurrentWorkspace;
  readonly initialSeed: string | null;
}

function Library({ workspace, initialSeed }: LibraryProps) {
  const [text, setText] = useState('');
  const [tag, setTag] = useState<string | null>(null);
  const [like, setLike] = useState<{ readonly id: string; readonly name: string } | null>(null);
  const [open, setOpen] = useState(initialSeed);
  const input = useRef<HTMLInputElement>(null);
  const searched = usePaused(text.trim());
  const question: SeedQuestion = like
    ? { by: 'seed', seedId: like.id }
    : searched
      ? { by: 'text', text: searched }
      : { by: 'time', tags: tag ? [tag] : [] };
  const { seeds, trouble, more, refresh } = useSeeds(workspace.id, question);
  const tags = useMemo(() => [...new Set(seeds?.flatMap(({ seed }) => seed.tags) ?? [])].sort(), [seeds]);
  const add = workspace.can.edit ? (files: readonly File[]) => enqueue(workspace.id, files, refresh) : null;
  const choose = () => input.current?.click();
  useSeedInAddress(open);
  useRegisterCommands([
    { id: 'seeds.add', title: 'Add pictures to the library', group: 'Seeds', icon: ImagePlus, run: choose },
  ]);

  const body = () => {
    if (trouble && !seeds) {
      return (
        <ErrorState
          title="The library did not load."
          cause={new Error(trouble.message)}
          onRetry={refresh}
          className="m-auto"
        />
      );
    }
    if (!seeds) return <GridSkeleton />;
    if (seeds.length === 0) {
      return question.by === 'time' && !tag ? (
        <EmptyState
          icon={Images}
          title="The library is empty."
          className="grow"
          action={
            add && (
              <Button look="primary" icon={ImagePlus} onClick={choose}>
                Add pictures
              </Button>
            )
          }
        >
          Seeds are the pictures that runs begin with. Drop some here, paste one, or keep a step of a run.
        </EmptyState>
      ) : (
        <EmptyState icon={SearchX} title="No seed fits." className="grow">
          Seeds are ranked by what they show. Try another word, or look at all of them.
        </EmptyState>
      );
    }
    return <SeedGrid seeds={seeds} selected={open} onOpen={setOpen} onMore={more} />;
  };
  return (
    <DropZone onFiles={add}>
      <div className="flex flex-wrap items-center gap-2 px-4 py-3">
        <h1 className="sr-only">Seeds</h1>
        {like ? (
          <p className="flex h-8 items-center gap-1 rounded-full bg-accent-soft pr-1 pl-3 text-sm">
            Like “{like.name}”
            <button
              type="button"
              aria-label="Show all seeds again"
              onClick={() => setLike(null)}
              className="rounded-full p-1 hover:bg-hover"
            >
              <X aria-hidden className="size-3.5" />
            </button>
          </p>
        ) : (
          <TextInput
            type="search"
            aria-label="Search seeds by what they show"
            placeholder="What the picture shows"
            value={text}
            maxLength={500}
            onChange={(event) => setText(event.target.value)}
            className="!w-auto min-w-0 grow basis-52 sm:max-w-sm"
          />
        )}
        <div className="ml-auto flex gap-1.5">
          <AssociateSeed workspaceId={workspace.id} onOpen={setOpen} />
          <Button
            size="sm"
            look="primary"
            icon={ImagePlus}
            disabled={!add && 'You may look here, but not add seeds.'}
            onClick={choose}
          >
            Add
          </Button>
          <input
            ref={input}
            type="file"
            multiple
            accept={ACCEPTED}
            aria-label="Pictures to add"
            className="hidden"
            onChange={(event) => {
              add?.([...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
        </div>
      </div>
      {question.by === 'time' && <TagFilter tags={tags} chosen={tag} onChoose={setTag} />}
      {body()}
      {open && (
        <SeedDialog
          workspaceId={workspace.id}
          seedId={open}
          canEdit={workspace.can.edit}
          onClose={() => setOpen(null)}
          onChanged={refresh}
          onLike={(id, name) => {
            setLike({ id, name });
            setOpen(null);
          }}
        />
      )}
      <UploadTray />
    </DropZone>
  );
}

function GridSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading the seeds"
      className="grid grid-cols-[repeat(auto-fill,minmax(148px,1fr))] gap-3 px-4"
    >
      {Array.from({ length: 12 }, (_, i) => i).map((place) => (
        <Skeleton key={place} className="h-48" />
      ))}
    </div>
  );
}

function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), text ? PAUSE_MS : 0);
    return () => clearTimeout(timer);
  }, [text]);
  return paused;
}

function useSeedInAddress(seedId: string | null): void {
  useEffect(() => {
    const url = `${window.location.pathname}${seedId ? `?seed=${encodeURIComponent(seedId)}` : ''}`;
    if (url !== window.location.pathname + window.location.search) window.history.replaceState(null, '', url);
  }, [seedId]);
}
