// For whoever works with the pocket models: what they understand, what they cannot do, how to get the real ones.
'use client';
import { Lightbulb } from 'lucide-react';
import Link from 'next/link';
import { Button } from '../../../ui/button.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { useDocumentView } from '../document/document-context.tsx';
import { useEdit } from '../document/use-edit.ts';
import { useSession, useWhyNot } from '../session-context.tsx';
import { EXAMPLES, LIGHT, PLACES, SUBJECTS } from './pocket-words.ts';

export function PocketNote() {
  const { studio } = useSession();
  const tokenizer = useDocumentView((view) => view.settings.tokenizer) ?? studio.defaultTokenizer;
  if (!tokenizer.startsWith('pocket')) return null;
  return (
    <div className="-mt-2 flex flex-wrap items-center justify-between gap-1 text-ink-soft text-xs">
      <span>Pocket: emoji scenes</span>
      <Popover
        label="What the pocket model understands"
        side="right"
        align="start"
        className="w-84"
        trigger={
          <Button size="sm" look="ghost" icon={Lightbulb} className="!h-6 !px-1.5">
            What to write
          </Button>
        }
      >
        <PocketWords />
      </Popover>
    </div>
  );
}

function PocketWords() {
  const edit = useEdit();
  const readOnly = useWhyNot('EDIT');
  return (
    <div className="grid gap-4 text-sm">
      <p>
        This is a small model of our own that runs at once, without a download. It knows emoji scenes of 128 px: a
        thing, a place, a light. Another place or light works best; for another thing it often finds only the colours
        and rough shape. It knows 233 words and no others.
      </p>
      <section className="grid gap-1.5">
        <h3 className="text-ink-faint text-xs">Try one</h3>
        {EXAMPLES.map((example) => (
          <Button
            key={example}
            size="sm"
            disabled={readOnly}
            onClick={() => edit.text('prompt', example)}
            className="!justify-start"
          >
            {example}
          </Button>
        ))}
      </section>
      <section className="grid gap-1 text-xs">
        <h3 className="text-ink-faint">A prompt is: a thing, a place, a light</h3>
        {Object.entries(SUBJECTS).map(([group, words]) => (
          <p key={group}>
            <b className="font-medium">{group}:</b> {words.join(', ')} …
          </p>
        ))}
        <p>
          <b className="font-medium">places:</b> {PLACES.join(', ')}, or on a plain red (blue, green …) background
        </p>
        <p>
          <b className="font-medium">light:</b> {LIGHT.join(', ')}
        </p>
      </section>
      <p className="text-ink-soft text-xs">
        For photographs and any words, download the published weights under{' '}
        <Link href="/models" className="text-accent underline underline-offset-2">
          Models
        </Link>
        . They want a GPU, or patience: about five seconds a step on two CPU cores.
      </p>
    </div>
  );
}
