// Exports of a run behind one button: pictures, films, tokens, the manifest. Shows progress, can be stopped, says what failed.
'use client';
import { Download, FileJson, Film, Image as ImageIcon, Table2, X } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { showTrouble } from '../../gql/problem.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import type { DownloadProgress, ExportFormat } from './download.ts';
import { formatBytes } from './format.ts';

interface Choice {
  readonly format: ExportFormat;
  readonly label: string;
  readonly icon: typeof Download;
}

const CHOICES: readonly (readonly Choice[])[] = [
  [{ format: 'PNG', label: 'PNG with manifest', icon: ImageIcon }],
  [
    { format: 'GIF', label: 'GIF of the run', icon: Film },
    { format: 'WEBP', label: 'Animated WebP', icon: Film },
    { format: 'MP4', label: 'MP4 film', icon: Film },
    { format: 'WEBM', label: 'WebM film', icon: Film },
  ],
  [
    { format: 'NPZ', label: 'Tokens, NumPy (.npz)', icon: Table2 },
    { format: 'SAFETENSORS', label: 'Tokens, safetensors', icon: Table2 },
    { format: 'JSON', label: 'Tokens, JSON', icon: FileJson },
    { format: 'CSV', label: 'Tokens, CSV', icon: Table2 },
  ],
  [{ format: 'MANIFEST', label: 'Manifest, to compute it again', icon: FileJson }],
];

const STILL: ReadonlySet<ExportFormat> = new Set(['PNG']);

export interface ExportMenuProps {
  readonly runId: string;
  /** The shown step, for a picture; the newest one where it is absent. */
  readonly step?: number | undefined;
  /** Steps that are stored. */
  readonly stepCount: number;
  readonly look?: 'plain' | 'icon';
}

interface Running {
  readonly label: string;
  readonly progress: DownloadProgress;
  readonly abort: AbortController;
}

export function ExportMenu({ runId, step, stepCount, look = 'plain' }: ExportMenuProps) {
  const [running, setRunning] = useState<Running | null>(null);
  const start = async ({ format, label }: Choice) => {
    const abort = new AbortController();
    const show = (progress: DownloadProgress) => setRunning({ label, progress, abort });
    try {
      // The menu stands on pages that seldom need the rest.
      const { downloadExport } = await import('./download.ts');
      const request = { id: runId, format, ...(STILL.has(format) && step !== undefined && { step }) };
      const filename = await downloadExport(request, abort.signal, show);
      toast.success('Saved', { description: filename });
    } catch (cause) {
      if (!abort.signal.aborted) showTrouble(`“${label}” could not be saved.`, cause);
    } finally {
      setRunning(null);
    }
  };
  if (running) return <RunningDownload running={running} />;
  const items = CHOICES.map((group) =>
    group.map(
      (choice): MenuItem => ({
        id: choice.format,
        label: choice.format === 'PNG' && step !== undefined ? `PNG of step ${step}, with manifest` : choice.label,
        icon: choice.icon,
        onSelect: () => void start(choice),
      }),
    ),
  );
  const waiting = stepCount === 0 ? 'There is nothing to export before the first step.' : undefined;
  const button =
    look === 'icon' ? (
      <IconButton icon={Download} label="Export" disabled={waiting} size="sm" />
    ) : (
      <Button size="sm" icon={Download} disabled={waiting} hint="Save this run as a file">
        Export
      </Button>
    );
  return waiting ? button : <Menu groups={items} trigger={button} />;
}

function RunningDownload({ running: { label, progress, abort } }: { readonly running: Running }) {
  const words =
    progress.stage === 'preparing'
      ? 'Preparing…'
      : progress.share === null
        ? formatBytes(progress.received)
        : `${Math.round(progress.share * 100)} %`;
  return (
    <span role="status" className="flex h-7 items-center gap-1 rounded-md border bg-sunken pl-2 text-xs">
      <span className="max-w-40 truncate">{label}</span>
      <span className="tabular text-ink-soft">{words}</span>
      <IconButton icon={X} label={`Stop “${label}”`} size="sm" onClick={() => abort.abort()} />
    </span>
  );
}
