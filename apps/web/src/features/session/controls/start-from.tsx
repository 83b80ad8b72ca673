// Where a run starts: a picture, or noise; and the mask that says what of the picture may change.
'use client';
import { Brush, Shuffle } from 'lucide-react';
import { useQuery } from 'urql';
import { graphql } from '../../../gql/graphql.ts';
import { cx } from '../../../lib/cx.ts';
import { globalId } from '../../../lib/node-id.ts';
import { Button } from '../../../ui/button.tsx';
import { NumberField } from '../../../ui/number-field.tsx';
import { useDocumentView } from '../document/document-context.tsx';
import { useEdit } from '../document/use-edit.ts';
import { useWhyNot } from '../session-context.tsx';
import { useView, useViewStore } from '../view/view-context.tsx';
import { MaskNote } from './mask-note.tsx';
import { useStart } from './preset-values.ts';
import { Section } from './section.tsx';
import { SeedPicker } from './seed-picker.tsx';

const CHOSEN = graphql(`
  query ChosenSeed($id: ID!) {
    seed(id: $id) { id name picture(size: 96) { dataUrl url } }
  }
`);

export function StartFrom() {
  const { startFrom, seedId, sigma } = useDocumentView((view) => view.settings);
  const strokes = useDocumentView((view) => view.strokes.length);
  const readOnly = useWhyNot('EDIT');
  const masking = useView((state) => state.maskTool !== 'off');
  const view = useViewStore();
  const edit = useEdit();
  const start = useStart();
  return (
    <Section title="Start from">
      <div role="group" aria-label="Start from" className="flex rounded-md border p-0.5">
        {(['seed', 'noise'] as const).map((value) => (
          <button
            key={value}
            type="button"
            aria-pressed={startFrom === value}
            aria-disabled={readOnly ? true : undefined}
            onClick={() => !readOnly && start({ startFrom: value })}
            className={cx(
              'h-6 grow rounded-sm text-xs',
              startFrom === value ? 'bg-accent-soft' : 'text-ink-soft hover:bg-hover',
            )}
          >
            {value === 'seed' ? 'A picture' : 'Noise'}
          </button>
        ))}
      </div>
      {startFrom === 'seed' ? (
        <>
          <SeedPicker trigger={<ChosenSeed seedId={seedId} />} />
          <Button
            size="sm"
            icon={Brush}
            disabled={readOnly}
            aria-pressed={masking}
            hint="Paint what may change; the rest of the picture stays"
            keys="m"
            onClick={() => view.setState({ maskTool: masking ? 'off' : 'brush' })}
          >
            {strokes > 0 ? `Mask, ${strokes} ${strokes === 1 ? 'stroke' : 'strokes'}` : 'Paint a mask'}
          </Button>
          <MaskNote />
        </>
      ) : (
        <NumberField
          label="Strength"
          value={sigma}
          min={0}
          step={0.1}
          hint="Standard deviation of the noise"
          disabled={readOnly}
          onChange={(value) => edit.setting({ sigma: value })}
        />
      )}
    </Section>
  );
}

function ChosenSeed({ seedId, ...rest }: { readonly seedId: string | null }) {
  const [{ data }] = useQuery({
    query: CHOSEN,
    variables: { id: globalId('Seed', seedId ?? '') },
    pause: seedId === null,
    requestPolicy: 'cache-first',
  });
  const seed = seedId === null ? null : data?.seed;
  const source = seed?.picture.dataUrl ?? seed?.picture.url;
  return (
    <button
      type="button"
      {...rest}
      className="flex items-center gap-3 rounded-md border p-1.5 text-left text-sm hover:bg-hover"
    >
      <span className="flex size-11 shrink-0 items-center justify-center overflow-hidden rounded-sm bg-sunken">
        {source ? (
          // biome-ignore lint/performance/noImgElement: inline or signed pictures; nothing to optimise
          <img src={source} alt="" width={44} height={44} className="size-full object-cover" />
        ) : (
          <Shuffle aria-hidden className="size-4 text-ink-faint" />
        )}
      </span>
      <span className="min-w-0 grow">
        <span className="line-clamp-2 leading-snug">
          {seed?.name ?? (seedId === null ? 'Choose a picture' : 'The picture')}
        </span>
        <span className="block text-2xs text-ink-faint">Choose or drop another</span>
      </span>
    </button>
  );
}
