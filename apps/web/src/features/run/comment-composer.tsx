// Where a comment is written; shows what it will be pinned to.
'use client';
import { SendHorizontal, X } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { INPUT_CLASS } from '../../ui/field.tsx';
import type { CommentPlace } from './use-comments.ts';

export interface CommentComposerProps {
  readonly place: CommentPlace;
  /** Holds the place, or takes one pin away. */
  readonly onPlace?: (place: CommentPlace) => void;
  readonly placeholder: string;
  readonly send: (body: string) => Promise<boolean>;
  /** Puts the caret here; again with every other number. 0 leaves it where it is. */
  readonly focusKey?: number;
}

export function CommentComposer({ place, onPlace, placeholder, send, focusKey = 0 }: CommentComposerProps) {
  const id = useId();
  const [body, setBody] = useState('');
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (focusKey > 0) field.current?.focus();
  }, [focusKey]);
  const submit = async () => {
    const text = body.trim();
    if (!text || busy) return;
    setBusy(true);
    if (await send(text)) setBody('');
    setBusy(false);
  };
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <label htmlFor={id} className="sr-only">
        {placeholder}
      </label>
      <textarea
        ref={field}
        id={id}
        rows={2}
        value={body}
        maxLength={5000}
        placeholder={placeholder}
        onChange={(event) => {
          // From the first sign on it is about what was shown then, even where the run goes on.
          if (body === '') onPlace?.(place);
          setBody(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
          // The session page has another use for these keys.
          event.preventDefault();
          void submit();
        }}
        className={`${INPUT_CLASS} resize-y py-2`}
      />
      <div className="flex flex-wrap items-center gap-1.5">
        {placeParts(place).map(({ key, label }) => (
          <span
            key={key}
            className="tabular flex h-6 items-center gap-1 rounded-full bg-accent-soft pr-1 pl-2 text-2xs"
          >
            {label}
            {onPlace && (
              <button
                type="button"
                aria-label={`Do not pin to ${label}`}
                onClick={() => onPlace({ ...place, [key]: null })}
                className="rounded-full p-0.5 hover:bg-hover"
              >
                <X aria-hidden className="size-3" />
              </button>
            )}
          </span>
        ))}
        <Button
          type="submit"
          size="sm"
          look="primary"
          icon={SendHorizontal}
          busy={busy}
          disabled={body.trim() === '' ? 'Write something first.' : undefined}
          keys="mod+enter"
          className="ml-auto"
        >
          Send
        </Button>
      </div>
    </form>
  );
}

/** The pins of a place in words. */
export function placeParts(place: CommentPlace): { readonly key: keyof CommentPlace; readonly label: string }[] {
  return [
    ...(place.step === null ? [] : [{ key: 'step' as const, label: `step ${place.step}` }]),
    ...(place.position === null ? [] : [{ key: 'position' as const, label: `token ${place.position}` }]),
    ...(place.region === null ? [] : [{ key: 'region' as const, label: 'a region' }]),
  ];
}
