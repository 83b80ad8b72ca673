// The workspace's pictures to start from, and dropping or choosing a file to add one.
'use client';
import { type ReactElement, useState } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../../../gql/graphql.ts';
import { cx } from '../../../lib/cx.ts';
import { rowId } from '../../../lib/node-id.ts';
import { Popover } from '../../../ui/popover.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { useDocumentView } from '../document/document-context.tsx';
import { useSession, useWhyNot } from '../session-context.tsx';
import { useViewStore } from '../view/view-context.tsx';
import { DropPicture } from './drop-picture.tsx';
import { useStart } from './preset-values.ts';

const SEEDS = graphql(`
  query PickSeed($workspaceId: ID!) {
    workspace(id: $workspaceId) {
      id
      seeds(first: 48) { nodes { id name picture(size: 96) { dataUrl url } } }
    }
  }
`);

export function SeedPicker({ trigger }: { readonly trigger: ReactElement }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      trigger={trigger}
      label="Start picture"
      open={open}
      onOpenChange={setOpen}
      side="right"
      align="start"
      className="w-80"
    >
      <SeedGrid onDone={() => setOpen(false)} />
    </Popover>
  );
}

function SeedGrid({ onDone }: { readonly onDone: () => void }) {
  const { session } = useSession();
  const readOnly = useWhyNot('EDIT');
  const start = useStart();
  const view = useViewStore();
  const chosen = useDocumentView(({ settings }) => settings.seedId);
  const [{ data, error }] = useQuery({ query: SEEDS, variables: { workspaceId: session.workspace.id } });
  const seeds = data?.workspace?.seeds.nodes;
  const choose = (id: string) => {
    start({ seedId: rowId(id), startFrom: 'seed' });
    view.setState({ target: { type: 'seed' }, step: null, playing: false });
    onDone();
  };
  return (
    <div className="grid gap-3">
      {!readOnly && <DropPicture onAdded={choose} />}
      {readOnly && <p className="text-ink-soft text-xs">{readOnly}</p>}
      {error && !seeds && <p className="text-danger text-xs">The pictures did not load. {error.message}</p>}
      <ul aria-label="Pictures" className="thin-scroll grid max-h-72 grid-cols-4 gap-1.5 overflow-y-auto">
        {seeds
          ? seeds.map(({ id, name, picture }) => (
              <li key={id}>
                <button
                  type="button"
                  title={name}
                  aria-label={name}
                  aria-pressed={chosen === rowId(id)}
                  aria-disabled={readOnly ? true : undefined}
                  onClick={() => !readOnly && choose(id)}
                  className={cx(
                    'block aspect-square w-full overflow-hidden rounded-md border-2',
                    chosen === rowId(id) ? 'border-accent' : 'border-transparent hover:border-line-strong',
                  )}
                >
                  {/* biome-ignore lint/performance/noImgElement: inline or signed pictures; nothing to optimise */}
                  <img
                    src={picture.dataUrl ?? picture.url}
                    alt=""
                    width={72}
                    height={72}
                    className="size-full object-cover"
                  />
                </button>
              </li>
            ))
          : ['a', 'b', 'c', 'd'].map((key) => (
              <li key={key}>
                <Skeleton className="aspect-square w-full" />
              </li>
            ))}
      </ul>
    </div>
  );
}
