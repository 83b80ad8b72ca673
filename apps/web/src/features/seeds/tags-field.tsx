// Tags as chips: type and press Enter or comma, take one away with its cross or Backspace.
'use client';
import { LIMITS } from '@tessera/protocol';
import { X } from 'lucide-react';
import { useState } from 'react';

export interface TagsFieldProps {
  readonly id: string;
  readonly tags: readonly string[];
  readonly onChange: (tags: readonly string[]) => void;
  readonly disabled: boolean;
}

export function TagsField({ id, tags, onChange, disabled }: TagsFieldProps) {
  const [draft, setDraft] = useState('');
  const add = () => {
    const words = draft
      .split(',')
      .map((word) => word.trim().slice(0, LIMITS.tagCharacters.value))
      .filter((word) => word && !tags.includes(word));
    setDraft('');
    if (words.length > 0) onChange([...tags, ...new Set(words)].slice(0, LIMITS.tagsPerItem.value));
  };
  return (
    <div className="flex flex-wrap items-center gap-1 rounded-md border bg-surface p-1">
      {tags.map((tag) => (
        <span key={tag} className="flex h-6 items-center gap-0.5 rounded-full bg-sunken pr-1 pl-2 text-xs">
          {tag}
          {!disabled && (
            <button
              type="button"
              aria-label={`Remove the tag ${tag}`}
              onClick={() => onChange(tags.filter((one) => one !== tag))}
              className="rounded-full p-0.5 hover:bg-hover"
            >
              <X aria-hidden className="size-3" />
            </button>
          )}
        </span>
      ))}
      {!disabled && (
        <input
          id={id}
          value={draft}
          placeholder={tags.length === 0 ? 'Add a tag' : ''}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={add}
          onKeyDown={(event) => {
            if (event.key === 'Enter' || event.key === ',') {
              event.preventDefault();
              add();
            } else if (event.key === 'Backspace' && draft === '') onChange(tags.slice(0, -1));
          }}
          className="h-6 min-w-20 grow bg-transparent px-1.5 text-sm outline-none"
        />
      )}
    </div>
  );
}
