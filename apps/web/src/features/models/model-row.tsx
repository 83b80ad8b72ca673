// One model: what it is, whether it is there, and how to get it.
'use client';
import { Check, HardDrive } from 'lucide-react';
import { formatBytes } from '../run/format.ts';
import type { Model, ModelTask } from './documents.ts';
import { ModelAction } from './model-action.tsx';
import { ModelOutcome } from './model-outcome.tsx';
import { ModelProgress } from './model-progress.tsx';
import { CopyPullCommand, PullCommand } from './pull-command.tsx';
import { isUnderWay, type ModelStep, nextStep } from './task-state.ts';

export interface ModelRowProps {
  readonly model: Model;
  /** What a new session uses. */
  readonly isDefault: boolean;
  /** Its last download or check. */
  readonly task: ModelTask | undefined;
  /** Whether this page may download; otherwise the command is shown. */
  readonly offered: boolean;
  readonly onTake: (step: ModelStep, model: string) => Promise<void>;
}

export function ModelRow({ model, isDefault, task, offered, onTake }: ModelRowProps) {
  const step = offered ? nextStep(model, task) : null;
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
      <div className="flex min-w-0 items-center gap-1">
        {model.installed && <Here embedded={model.embedded} />}
        {step && <ModelAction model={model} step={step} onTake={onTake} />}
        {!model.installed && (offered ? <CopyPullCommand id={model.id} /> : <PullCommand id={model.id} />)}
      </div>
      {task && isUnderWay(task) && <ModelProgress name={model.name} task={task} />}
      {task && <ModelOutcome task={task} />}
    </li>
  );
}

function Here({ embedded }: { readonly embedded: boolean }) {
  const Icon = embedded ? HardDrive : Check;
  return (
    <p className="flex items-center gap-1.5 pr-1 text-good text-xs">
      <Icon aria-hidden className="size-3.5" />
      {embedded ? 'Comes with Tessera' : 'Installed'}
    </p>
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
