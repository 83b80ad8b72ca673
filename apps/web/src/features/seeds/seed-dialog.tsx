// A seed from near: the picture beside what a tokenizer makes of it, its masks, its name and tags.
'use client';
import { ScanSearch, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { mutate } from '../../gql/mutate.ts';
import { showTrouble, troubleOf } from '../../gql/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { isMissing } from '../run/is-missing.ts';
import { Thumb } from '../run/thumb.tsx';
import { Loading } from '../run/workspace-gate.tsx';
import { DeleteSeedMutation, SeedDocument, TokenizersDocument, UpdateSeedMutation } from './documents.ts';
import { SeedMasks } from './seed-masks.tsx';
import { TagsField } from './tags-field.tsx';
import { UseInSession } from './use-in-session.tsx';

export interface SeedDialogProps {
  readonly workspaceId: string;
  readonly seedId: string;
  readonly canEdit: boolean;
  readonly onClose: () => void;
  readonly onLike: (seedId: string, name: string) => void;
  readonly onChanged: () => void;
}

export function SeedDialog({ workspaceId, seedId, canEdit, onClose, onLike, onChanged }: SeedDialogProps) {
  const [{ data: choices }] = useQuery({ query: TokenizersDocument, requestPolicy: 'cache-first' });
  const [chosen, setChosen] = useState<string | null>(null);
  const tokenizer = chosen ?? choices?.studio.defaultTokenizer;
  const [{ data, error }, again] = useQuery({
    query: SeedDocument,
    variables: { id: seedId, tokenizer: tokenizer ?? '' },
    pause: tokenizer === undefined,
  });
  const [asking, setAsking] = useState(false);
  const seed = data?.seed;
  const tokenizers = choices?.models.filter(({ kind, installed }) => kind === 'TOKENIZER' && installed) ?? [];
  const update = async (change: { readonly name?: string; readonly tags?: string[] }) => {
    try {
      await mutate(UpdateSeedMutation, { input: { seedId, ...change } });
      again({ requestPolicy: 'network-only' });
      onChanged();
    } catch (cause) {
      showTrouble('The seed was not changed.', cause);
    }
  };
  const remove = async () => {
    try {
      await mutate(DeleteSeedMutation, { input: { seedId } });
      onChanged();
      onClose();
    } catch (cause) {
      showTrouble('The seed was not deleted.', cause);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={seed?.name ?? 'Seed'}
      className="!max-w-3xl"
      actions={
        seed && (
          <>
            {canEdit && (
              <Button
                look="danger"
                icon={Trash2}
                onClick={() => (asking ? void remove() : setAsking(true))}
                className="mr-auto"
              >
                {asking ? 'Really delete it' : 'Delete'}
              </Button>
            )}
            <Button icon={ScanSearch} onClick={() => onLike(seed.id, seed.name)}>
              More like this
            </Button>
            <UseInSession workspaceId={workspaceId} seedId={seed.id} />
          </>
        )
      }
    >
      {error && !seed && (
        <p role="alert">
          {isMissing(error) ? 'There is no such seed; it may have been deleted.' : troubleOf(error).message}
        </p>
      )}
      {!seed && !error && (data ? <p>This seed was deleted.</p> : <Waiting />)}
      {seed && (
        <div className="flex flex-col gap-5">
          <div className="grid grid-cols-2 gap-4">
            <figure className="min-w-0">
              <Thumb
                url={seed.large.url}
                alt={seed.name}
                className="aspect-square w-full rounded-lg border object-contain"
              />
              <figcaption className="tabular mt-1.5 text-ink-soft text-xs">
                As it was added, {seed.width} × {seed.height} px
              </figcaption>
            </figure>
            <figure className="min-w-0">
              <Thumb
                url={seed.reconstruction.url}
                alt={`${seed.name}, decoded from its tokens`}
                className="aspect-square w-full rounded-lg border object-contain"
              />
              <figcaption className="mt-1.5 flex flex-wrap items-center justify-between gap-2 text-ink-soft text-xs">
                {seed.tokens ? `What ${seed.tokens.length} tokens keep of it` : 'What the tokenizer keeps of it'}
                {tokenizers.length > 1 && tokenizer && (
                  <Select
                    label="Tokenizer"
                    value={tokenizer}
                    options={tokenizers.map(({ id, name }) => ({ value: id, label: name }))}
                    onChange={setChosen}
                    className="!w-40"
                  />
                )}
              </figcaption>
            </figure>
          </div>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="Name">
              {({ id }) => (
                <TextInput
                  key={seed.name}
                  id={id}
                  defaultValue={seed.name}
                  readOnly={!canEdit}
                  maxLength={200}
                  onBlur={(event) => {
                    const name = event.target.value.trim();
                    if (name && name !== seed.name) void update({ name });
                  }}
                  onKeyDown={(event) => {
                    if (event.key === 'Enter') event.currentTarget.blur();
                  }}
                />
              )}
            </Field>
            <Field label="Tags">
              {({ id }) => (
                <TagsField
                  id={id}
                  tags={seed.tags}
                  disabled={!canEdit}
                  onChange={(tags) => void update({ tags: [...tags] })}
                />
              )}
            </Field>
          </div>
          <SeedMasks
            seedId={seed.id}
            workspaceId={workspaceId}
            masks={seed.masks}
            canEdit={canEdit}
            onChanged={() => again({ requestPolicy: 'network-only' })}
          />
        </div>
      )}
    </Dialog>
  );
}

function Waiting() {
  return (
    <div className="grid grid-cols-2 gap-4">
      <Skeleton className="aspect-square" />
      <Skeleton className="aspect-square" />
      <Loading label="Encoding" />
    </div>
  );
}
