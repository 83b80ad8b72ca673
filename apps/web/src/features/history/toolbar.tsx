// Search, filters, order and layout of the history.
'use client';
import { ArrowDownWideNarrow, Clock, Grid2x2, Grid3x3, List, Search, X } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { useRegisterCommands } from '../../shell/commands.ts';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { TextInput } from '../../ui/field.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Select } from '../../ui/select.tsx';
import { QueryButton } from '../run/query-panel.tsx';
import { enumValue, historyQuery } from '../run/query-text.ts';
import { Filters } from './filters.tsx';
import { filterOf, type HistoryView } from './view.ts';

export interface ToolbarProps {
  readonly workspaceId: string;
  readonly view: HistoryView;
  readonly onView: (change: Partial<HistoryView>) => void;
}

export function Toolbar({ workspaceId, view, onView }: ToolbarProps) {
  const { statuses, ...rest } = filterOf(view, Date.now());
  const filter = { ...rest, ...(statuses && { statuses: statuses.map(enumValue) }) };
  const router = useRouter();
  useRegisterCommands([
    { id: 'history.sweeps', title: 'Sweeps', group: 'Go to', icon: Grid3x3, run: () => router.push('/sweeps') },
  ]);
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 py-3">
      <h1 className="sr-only">History</h1>
      <SearchBox view={view} onView={onView} />
      <Select
        label="Search by"
        value={view.search}
        onChange={(search) => onView({ search })}
        options={[
          { value: 'words', label: 'by prompt', note: 'Words of prompts and names' },
          { value: 'picture', label: 'by picture', note: 'What the pictures show, ranked by CLIP' },
        ]}
        className="!w-28"
      />
      <div className="ml-auto flex items-center gap-1">
        {view.search === 'words' && <Filters workspaceId={workspaceId} view={view} onView={onView} />}
        {view.search === 'words' && (
          <IconButton
            icon={view.order === 'SCORE' ? ArrowDownWideNarrow : Clock}
            label={view.order === 'SCORE' ? 'Best score first; sort by time' : 'Newest first; sort by score'}
            onClick={() => onView({ order: view.order === 'SCORE' ? 'CREATED_AT' : 'SCORE' })}
          />
        )}
        <IconButton
          icon={view.layout === 'grid' ? List : Grid2x2}
          label={view.layout === 'grid' ? 'Show as a list' : 'Show as a grid'}
          onClick={() => onView({ layout: view.layout === 'grid' ? 'list' : 'grid' })}
        />
        <Link
          href="/sweeps"
          prefetch={false}
          className="hidden h-7 items-center gap-1.5 rounded-md px-2 text-ink-soft text-xs hover:bg-hover hover:text-ink sm:flex"
        >
          <Grid3x3 aria-hidden className="size-4" />
          Sweeps
        </Link>
        <QueryButton query={historyQuery(workspaceId, filter, view.order)} className="hidden sm:inline-flex" />
      </div>
    </div>
  );
}

/** ms without a key before the list follows. */
const PAUSE_MS = 250;

function SearchBox({ view, onView }: Pick<ToolbarProps, 'view' | 'onView'>) {
  const [text, setText] = useState(view.text);
  const input = useRef<HTMLInputElement>(null);
  const latest = useRef(onView);
  latest.current = onView;
  useShortcuts([{ keys: '/', label: 'Search runs', group: 'History', run: () => input.current?.focus() }]);
  useEffect(() => {
    const timer = setTimeout(() => latest.current({ text }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div className="relative min-w-0 grow basis-56 sm:max-w-md">
      <Search
        aria-hidden
        className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-2.5 size-4 text-ink-faint"
      />
      <TextInput
        ref={input}
        type="search"
        aria-label="Search runs"
        placeholder={view.search === 'words' ? 'Words of a prompt or name' : 'What the picture shows'}
        value={text}
        maxLength={500}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setText('');
        }}
        className="pr-8 pl-8 [&::-webkit-search-cancel-button]:hidden"
      />
      {text && (
        <IconButton
          icon={X}
          label="Clear the search"
          size="sm"
          onClick={() => setText('')}
          className="-translate-y-1/2 absolute top-1/2 right-0.5"
        />
      )}
    </div>
  );
}
