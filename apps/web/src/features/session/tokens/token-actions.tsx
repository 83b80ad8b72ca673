// What can be done with selected tokens: copy, paste, set, swap, lock, see what else could stand there.
'use client';
import { ArrowLeftRight, ClipboardPaste, Copy, Lock, LockOpen, Sparkles, TextCursorInput, X } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { Button } from '../../../ui/button.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { NumberField } from '../../../ui/number-field.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { useEdit } from '../document/use-edit.ts';
import { useSession, useWhyNot } from '../session-context.tsx';
import { useViewStore } from '../view/view-context.tsx';
import { copyTokens, pastedTokens, readCopied } from './clipboard.ts';
import { Perturbations } from './perturbations.tsx';
import { usePaste } from './use-paste.ts';

export interface TokenActionsProps {
  readonly runId: string;
  readonly step: number;
  readonly tokens: readonly number[];
  readonly tokenizer: string;
  /** Ascending. */
  readonly selected: readonly number[];
  readonly locked: ReadonlySet<number>;
  readonly onClear: () => void;
}

export function TokenActions({ runId, step, tokens, tokenizer, selected, locked, onClear }: TokenActionsProps) {
  const mayRun = useWhyNot('RUN');
  const mayEdit = useWhyNot('EDIT');
  const edit = useEdit();
  const view = useViewStore();
  const { paste, busy } = usePaste();
  const [first, second] = selected;
  const single = selected.length === 1 ? first : undefined;
  const allLocked = selected.length > 0 && selected.every((position) => locked.has(position));
  const isLocked = selected.some((position) => locked.has(position)) ? 'a selected token is locked' : undefined;
  const placed = selected.length > 0 ? selected : tokens.map((_, position) => position);
  const copy = () => {
    void copyTokens({ tokenizer, tokens: placed.map((position) => ({ position, token: tokens[position] ?? 0 })) });
    toast(`${placed.length} ${placed.length === 1 ? 'token' : 'tokens'} copied`, { id: 'copy' });
  };
  const pasteCopied = async () => {
    const copied = await readCopied();
    if (!copied) return void toast('No tokens were copied yet.');
    if (copied.tokenizer !== tokenizer) {
      return void toast.error('These tokens are of another tokenizer', {
        description: `${copied.tokenizer} and ${tokenizer} have different codebooks.`,
      });
    }
    await paste(runId, step, pastedTokens(copied.tokens, selected, locked));
  };
  const swap = () => {
    if (first === undefined || second === undefined) return;
    const a = { position: first, token: tokens[second] ?? 0 };
    const b = { position: second, token: tokens[first] ?? 0 };
    void paste(runId, step, [a, b]);
  };
  return (
    <div role="toolbar" aria-label="Selected tokens" className="flex items-center">
      <IconButton icon={Copy} label={selected.length > 0 ? 'Copy' : 'Copy all tokens'} size="sm" onClick={copy} />
      <IconButton
        icon={ClipboardPaste}
        label="Paste as a fork"
        size="sm"
        disabled={mayRun ?? busy}
        onClick={() => void pasteCopied()}
      />
      {selected.length > 0 && (
        <>
          {single !== undefined && (
            <>
              <SetIndex
                current={tokens[single] ?? 0}
                tokenizer={tokenizer}
                disabled={mayRun ?? isLocked}
                onSet={(token) => void paste(runId, step, [{ position: single, token }])}
              />
              <Popover
                label="What else could stand here"
                align="end"
                className="w-80"
                // What is compared with must not move on meanwhile.
                onOpenChange={(open) => open && view.setState({ step, playing: false })}
                trigger={<IconButton icon={Sparkles} label="What else could stand here" size="sm" />}
              >
                <Perturbations
                  runId={runId}
                  step={step}
                  position={single}
                  whyNot={mayRun ?? isLocked}
                  onChoose={(token) => void paste(runId, step, [{ position: single, token }])}
                />
              </Popover>
            </>
          )}
          {selected.length === 2 && (
            <IconButton
              icon={ArrowLeftRight}
              label="Swap both as a fork"
              size="sm"
              disabled={mayRun ?? isLocked}
              onClick={swap}
            />
          )}
          <IconButton
            icon={allLocked ? LockOpen : Lock}
            label={allLocked ? 'Unlock for everybody' : 'Lock for everybody: runs and pasting leave them alone'}
            size="sm"
            disabled={mayEdit}
            onClick={() => edit.lock(selected, !allLocked)}
          />
          <IconButton icon={X} label="Select nothing" size="sm" onClick={onClear} />
        </>
      )}
    </div>
  );
}

interface SetIndexProps {
  readonly current: number;
  readonly tokenizer: string;
  readonly disabled: string | undefined;
  readonly onSet: (token: number) => void;
}

function SetIndex({ current, tokenizer, disabled, onSet }: SetIndexProps) {
  const { models } = useSession();
  const [open, setOpen] = useState(false);
  const [token, setToken] = useState(current);
  const size = models.find(({ id }) => id === tokenizer)?.codebookSize ?? 4_096;
  return (
    <Popover
      label="Set by index"
      align="end"
      className="w-60"
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setToken(current);
      }}
      trigger={<IconButton icon={TextCursorInput} label="Set by index" size="sm" disabled={disabled} />}
    >
      <div className="grid gap-3">
        <NumberField label="Index" value={token} min={0} max={size - 1} integer onChange={setToken} />
        <Button
          look="primary"
          disabled={disabled ?? (token === current ? 'This is its index already' : undefined)}
          onClick={() => {
            setOpen(false);
            onSet(token);
          }}
        >
          Fork with this token
        </Button>
      </div>
    </Popover>
  );
}
