// The prompt and the negative prompt: everybody writes in the same text.
'use client';
import { LIMITS } from '@tessera/protocol';
import { Minus, Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { CoText } from '../document/co-text.tsx';
import { useDocumentView } from '../document/document-context.tsx';
import { useEdit } from '../document/use-edit.ts';
import { useRunControl } from '../runs/use-run-control.ts';
import { useWhyNot } from '../session-context.tsx';

export function PromptFields() {
  const mayNot = useWhyNot('EDIT') !== undefined;
  const loaded = useDocumentView((view) => view.ready);
  // What is typed into a text that is not here yet would stand beside it.
  const readOnly = mayNot || !loaded;
  const { whyNot, act } = useRunControl();
  const hasNegative = useDocumentView((view) => view.negativePrompt !== '');
  const cfg = useDocumentView((view) => view.settings.cfg);
  const edit = useEdit();
  const [asked, setAsked] = useState(false);
  const text = {
    readOnly,
    maxLength: LIMITS.promptCharacters.value,
    onEnter: () => !whyNot && act('start'),
  };
  const shown = asked || hasNegative;
  return (
    <div className="grid gap-3">
      <Field
        label="Prompt"
        aside={
          !shown &&
          !readOnly && (
            <Button size="sm" look="ghost" icon={Plus} onClick={() => setAsked(true)} className="!h-5 !px-1">
              negative
            </Button>
          )
        }
      >
        {(field) => <CoText {...field} {...text} name="prompt" rows={3} placeholder="What the picture should become" />}
      </Field>
      {shown && (
        <Field
          label="Negative prompt"
          hint={hasNegative && cfg === 1 ? 'It does nothing at cfg 1: raise cfg under Parameters.' : undefined}
          aside={
            !readOnly && (
              <Button
                size="sm"
                look="ghost"
                icon={Minus}
                className="!h-5 !px-1"
                onClick={() => {
                  edit.text('negativePrompt', '');
                  setAsked(false);
                }}
              >
                remove
              </Button>
            )
          }
        >
          {(field) => (
            <CoText {...field} {...text} name="negativePrompt" rows={2} placeholder="What it should lead away from" />
          )}
        </Field>
      )}
    </div>
  );
}
