// One model: what it is, whether it is there, and the command that gets it.
'use client';
import { Check, Copy, HardDrive } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { IconButton } from '../../ui/icon-button.tsx';
import { formatBytes } from '../run/format.ts';
import type { Model } from './documents.ts';

export interface ModelRowProps {
  readonly model: Model;
  /** What a new session uses. */
  readonly isDefault: boolean;
}

export function ModelRow({ model, isDefault }: ModelRowProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 grow basis-64">
        <p className="flex flex-wrap items-center gap-2 text-sm">
          <span className="font-medium">{model.name}</span>
          {isDefault && <span className="rounded-full bg-accent-soft px-2 py-0.5 text-2xs">default</span>}
        </p>
        <p className="tabular mt-0.5 text-ink-soft text-xs">{facts(model).join(' · ')}</p>
        {model.sha256 && (
          <p title="SHA-256 of its weights" className="mt-0.5 truncate font-mono text-2xs text-ink-faint">
            {model.sha256.slice(0, 16)}…
          </p>
        )}
      </div>
      {model.installed ? (
        <p className="flex items-center gap-1.5 text-good text-xs">
          {model.embedded ? <HardDrive aria-hidden className="size-3.5" /> : <Check aria-hidden className="size-3.5" />}
          {model.embedded ? 'Comes with Tessera' : 'Installed'}
        </p>
      ) : (
        <PullCommand id={model.id} />
      )}
    </li>
  );
}

function facts({ kind, family, licence, bytes, imageSize, positions, codebookSize, channels }: Model): string[] {
  const tokens =
    kind === 'TOKENIZER' && positions !== null
      ? !codebookSize
        ? `${positions} vectors of ${channels ?? '?'} numbers`
        : `${positions} tokens of ${codebookSize.toLocaleString('en')}`
      : null;
  return [
    family,
    `${imageSize} px`,
    ...(tokens ? [tokens] : []),
    ...(bytes > 0 ? [formatBytes(bytes)] : []),
    `licence ${licence}`,
  ];
}

function PullCommand({ id }: { readonly id: string }) {
  const [copied, setCopied] = useState(false);
  const command = `npm run tessera -- models pull ${id}`;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(command);
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    } catch {
      toast.error('The browser did not allow copying.', { description: command });
    }
  };
  return (
    <p className="flex min-w-0 items-center gap-1 rounded-md border bg-sunken pl-2.5">
      <code className="truncate font-mono text-2xs">{command}</code>
      <IconButton
        icon={copied ? Check : Copy}
        label={copied ? 'Copied' : 'Copy the command'}
        size="sm"
        onClick={() => void copy()}
      />
    </p>
  );
}
