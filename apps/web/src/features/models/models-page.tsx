// The models that this installation knows: which are there, what they are, how to get the others.
'use client';
import { useState } from 'react';
import { toast } from 'sonner';
import { useQuery } from 'urql';
import { AppShell } from '../../shell/app-shell.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { count } from '../run/format.ts';
import { type Model, ModelsDocument, type ModelTask } from './documents.ts';
import { ModelRow } from './model-row.tsx';
import { endWords } from './task-words.ts';
import { type ModelTasks, useModelTasks } from './use-model-tasks.ts';

const KINDS = {
  TOKENIZER: {
    title: 'Tokenizers',
    text: 'They turn a picture into a few tokens and tokens into a picture. What a run optimises are the tokens of one of these.',
  },
  ENCODER: {
    title: 'Encoders',
    text: 'They say how well a picture fits a text. One drives a run; another one can score it independently.',
  },
} as const;

export function ModelsPage() {
  const [{ data, error }, again] = useQuery({ query: ModelsDocument });
  const [news, setNews] = useState('');
  const retry = () => again({ requestPolicy: 'network-only' });
  const offered = data?.studio.modelDownloads ?? false;
  const tasks = useModelTasks(offered, (task) => {
    const name = data?.models.find(({ id }) => id === task.model)?.name ?? task.model;
    if (task.kind === 'DOWNLOAD') retry();
    if (isDownloaded(task)) toast.success(`${name} is installed.`, { description: 'Runs can use it from now on.' });
    else setNews(endWords(task, name) ?? '');
  });
  return (
    <AppShell>
      <div className="mx-auto flex w-full max-w-4xl grow flex-col gap-8 p-4 pb-16">
        <header>
          <h1 className="font-semibold text-base">Models</h1>
          {data && (
            <Summary models={data.models} provider={data.studio.provider} offered={offered} onLookAgain={retry} />
          )}
        </header>
        <p role="status" className="sr-only">
          {news}
        </p>
        {error && !data && <ErrorState title="The list of models did not load." cause={error} onRetry={retry} />}
        {!data && !error && (
          <div role="status" aria-label="Loading the models" className="flex flex-col gap-3">
            {[0, 1, 2, 3].map((i) => (
              <Skeleton key={i} className="h-20" />
            ))}
          </div>
        )}
        {data &&
          (Object.keys(KINDS) as (keyof typeof KINDS)[]).map((kind) => (
            <ModelList
              key={kind}
              kind={kind}
              models={data.models.filter((model) => model.kind === kind)}
              offered={offered}
              tasks={tasks}
              defaults={[data.studio.defaultTokenizer, data.studio.defaultClip, data.studio.defaultSiglip]}
            />
          ))}
      </div>
    </AppShell>
  );
}

const isDownloaded = ({ kind, state }: ModelTask) => kind === 'DOWNLOAD' && state === 'DONE';

interface SummaryProps {
  readonly models: readonly Model[];
  readonly provider: string | null;
  readonly offered: boolean;
  readonly onLookAgain: () => void;
}

function Summary({ models, provider, offered, onLookAgain }: SummaryProps) {
  const missing = models.filter(({ installed }) => !installed).length;
  return (
    <div className="mt-1 max-w-prose text-ink-soft text-sm">
      <p>
        The pocket models come with Tessera and work at once. They know small, simple scenes: animals, houses and things
        in a few places and kinds of light, drawn like stickers. For photographs and free prompts, get the published
        weights.
      </p>
      {missing > 0 && offered && (
        <p className="mt-2">
          {count(missing, 'model is', 'models are')} not on this computer. Downloads run one after the other, and each
          is checked before it is used. One that is cancelled or cut off goes on where it stopped. The command beside
          each button does the same in a shell.
        </p>
      )}
      {missing > 0 && !offered && (
        <p className="mt-2">
          {count(missing, 'model is', 'models are')} not there. Whoever runs this server downloads them with the command
          shown beside each, in the folder of Tessera on every machine that computes; the command shows its progress and
          checks what arrived.{' '}
          <button type="button" onClick={onLookAgain} className="text-accent underline underline-offset-2">
            Look again
          </button>{' '}
          when it is done.
        </p>
      )}
      {provider && <p className="mt-2">Runs are computed by ONNX Runtime’s {provider} provider.</p>}
    </div>
  );
}

interface ModelListProps {
  readonly kind: keyof typeof KINDS;
  readonly models: readonly Model[];
  readonly defaults: readonly string[];
  readonly offered: boolean;
  readonly tasks: ModelTasks;
}

function ModelList({ kind, models, defaults, offered, tasks: { tasks, take } }: ModelListProps) {
  const { title, text } = KINDS[kind];
  const sorted = [...models].sort((a, b) => Number(b.installed) - Number(a.installed) || a.bytes - b.bytes);
  return (
    <section aria-labelledby={`models-${kind}`}>
      <h2 id={`models-${kind}`} className="font-medium text-sm">
        {title}
      </h2>
      <p className="mb-3 max-w-prose text-ink-soft text-xs">{text}</p>
      {sorted.length === 0 ? (
        <p className="text-ink-faint text-sm">There are none.</p>
      ) : (
        <ul className="divide-y rounded-xl border bg-surface">
          {sorted.map((model) => (
            <ModelRow
              key={model.id}
              model={model}
              isDefault={defaults.includes(model.id)}
              task={tasks.find((task) => task.model === model.id)}
              offered={offered}
              onTake={take}
            />
          ))}
        </ul>
      )}
    </section>
  );
}
