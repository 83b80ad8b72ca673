// How the last download or check of a model ended, where there is something to say.

import type { LucideIcon } from 'lucide-react';
import { ShieldAlert, ShieldCheck, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatBytes } from '../run/format.ts';
import type { ModelTask } from './documents.ts';
import { failureOf, foundWrong } from './task-words.ts';

export function ModelOutcome({ task }: { readonly task: ModelTask }) {
  const { kind, state, sound, received } = task;
  if (state === 'FAILED') {
    const { title, advice, facts } = failureOf(task);
    return (
      <Warning icon={TriangleAlert} title={title} facts={facts}>
        {advice}
      </Warning>
    );
  }
  if (state === 'CANCELLED' && kind === 'DOWNLOAD' && received > 0) {
    return (
      <p className="tabular basis-full text-ink-soft text-xs">
        Stopped. {formatBytes(received)} are kept, and the download goes on from there.
      </p>
    );
  }
  if (state !== 'DONE' || kind !== 'VERIFY') return null;
  if (!sound) {
    return (
      <Warning icon={ShieldAlert} title="Its files are not as they must be." facts={foundWrong(task)}>
        Repair downloads them again. If a run has used them since Tessera was started, restart it afterwards.
      </Warning>
    );
  }
  return (
    <p className="flex basis-full items-center gap-1.5 text-good text-xs">
      <ShieldCheck aria-hidden className="size-3.5 shrink-0" />
      Every file is there and has the hash it must have.
    </p>
  );
}

interface WarningProps {
  readonly icon: LucideIcon;
  readonly title: string;
  /** In the words of the machine. */
  readonly facts: string;
  readonly children: ReactNode;
}

function Warning({ icon: Icon, title, facts, children }: WarningProps) {
  return (
    <div className="flex basis-full gap-2.5 rounded-lg border border-danger/40 bg-danger-soft/50 px-3 py-2.5 text-xs">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
      <div className="min-w-0">
        <p className="font-medium text-sm">{title}</p>
        <p className="mt-0.5 text-ink-soft">{children}</p>
        {facts && <p className="mt-1.5 break-words font-mono text-2xs text-ink-soft">{facts}</p>}
      </div>
    </div>
  );
}
