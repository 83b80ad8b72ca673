// A text field that several people write in at once: bound to a text of the shared document, the caret stays where it was.
'use client';
import { rootsOf } from '@tessera/collab';
import { type KeyboardEvent, useLayoutEffect, useRef } from 'react';
import type * as Y from 'yjs';
import { cx } from '../../../lib/cx.ts';
import { applySplice, type DeltaPart, moveThrough, spliceBetween, spliceThrough } from '../../../lib/splice.ts';
import { INPUT_CLASS } from '../../../ui/field.tsx';
import { useDocument, useDocumentView } from './document-context.tsx';
import { useEdit } from './use-edit.ts';

export interface CoTextProps {
  readonly id: string;
  readonly name: 'prompt' | 'negativePrompt';
  readonly placeholder: string;
  readonly readOnly: boolean;
  readonly describedBy?: string | undefined;
  readonly maxLength: number;
  readonly rows: number;
  readonly onEnter?: () => void;
}

export function CoText({ id, name, placeholder, readOnly, describedBy, maxLength, rows, onEnter }: CoTextProps) {
  const document = useDocument();
  const edit = useEdit();
  const epoch = useDocumentView((view) => view.epoch);
  const field = useRef<HTMLTextAreaElement>(null);
  /** What the field and the document last agreed on, and what others did since, while somebody composes. */
  const agreed = useRef('');
  const missed = useRef<DeltaPart[][]>([]);
  const composing = useRef(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new epoch is a new document
  useLayoutEffect(() => {
    const text = rootsOf(document.doc)[name];
    const show = (delta: readonly DeltaPart[]) => {
      const area = field.current;
      if (!area) return;
      const { selectionStart, selectionEnd, scrollTop } = area;
      area.value = text.toString();
      agreed.current = area.value;
      if (globalThis.document.activeElement === area) {
        area.setSelectionRange(moveThrough(selectionStart, delta), moveThrough(selectionEnd, delta));
      }
      area.scrollTop = scrollTop;
    };
    const onText = (event: Y.YTextEvent, transaction: Y.Transaction) => {
      const typedHere = transaction.origin === document.origin && field.current?.value === text.toString();
      if (typedHere) agreed.current = text.toString();
      else if (composing.current) missed.current.push(event.delta as DeltaPart[]);
      else show(event.delta as DeltaPart[]);
    };
    show([]);
    text.observe(onText);
    return () => text.unobserve(onText);
  }, [document, name, epoch]);

  const write = () => {
    const area = field.current;
    if (!area || composing.current) return;
    let splice = spliceBetween(agreed.current, area.value);
    for (const delta of missed.current) splice = spliceThrough(splice, delta);
    const others = missed.current.length > 0;
    missed.current = [];
    const text = rootsOf(document.doc)[name];
    const value = applySplice(text.toString(), splice);
    if (others) {
      area.value = value;
      const caret = splice.at + splice.insert.length;
      area.setSelectionRange(caret, caret);
    }
    agreed.current = value;
    edit.text(name, value);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const mod = event.metaKey || event.ctrlKey;
    const key = event.key.toLowerCase();
    if (mod && key === 'enter') {
      event.preventDefault();
      onEnter?.();
    }
    // The browser's own undo would take back what others wrote.
    if (!mod || (key !== 'z' && key !== 'y') || readOnly) return;
    event.preventDefault();
    if (key === 'y' || event.shiftKey) document.redo();
    else document.undo();
  };
  return (
    <textarea
      ref={field}
      id={id}
      rows={rows}
      readOnly={readOnly}
      maxLength={maxLength}
      placeholder={placeholder}
      aria-describedby={describedBy}
      spellCheck={false}
      onInput={write}
      onCompositionStart={() => {
        composing.current = true;
      }}
      onCompositionEnd={() => {
        composing.current = false;
        write();
      }}
      onKeyDown={onKeyDown}
      className={cx(INPUT_CLASS, 'thin-scroll field-sizing-content max-h-48 resize-none py-2 leading-snug')}
    />
  );
}
