// What other tokens at one position would do to the picture: thumbnails, the largest change first.
'use client';
import { useState } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../../../gql/graphql.ts';
import { Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Tooltip } from '../../../ui/tooltip.tsx';

const PERTURBATIONS = graphql(`
  query Perturbations($id: ID!, $step: Int!, $position: Int!, $count: Int!, $order: PerturbationOrder!) {
    run(id: $id) {
      id
      perturbations(step: $step, position: $position, count: $count, order: $order, size: 64) {
        token
        change
        picture { dataUrl url }
      }
    }
  }
`);

const COUNT = 12;
const ORDERS = [
  { value: 'LARGEST', label: 'largest change' },
  { value: 'SMALLEST', label: 'smallest change' },
  { value: 'TEXT', label: 'nearest to the prompt' },
] as const;

export interface PerturbationsProps {
  readonly runId: string;
  readonly step: number;
  readonly position: number;
  readonly whyNot: string | undefined;
  readonly onChoose: (token: number) => void;
}

export function Perturbations({ runId, step, position, whyNot, onChoose }: PerturbationsProps) {
  const [order, setOrder] = useState<(typeof ORDERS)[number]['value']>('LARGEST');
  const [{ data, error, fetching }] = useQuery({
    query: PERTURBATIONS,
    variables: { id: runId, step, position, count: COUNT, order },
    requestPolicy: 'cache-first',
  });
  const found = fetching ? undefined : data?.run?.perturbations;
  return (
    <div className="grid gap-2">
      <div className="flex items-center justify-between gap-2">
        <p className="text-xs">Instead of token {position}</p>
        <span className="w-40">
          <Select label="Order" value={order} options={ORDERS} onChange={setOrder} />
        </span>
      </div>
      {error && <p className="text-danger text-xs">They could not be computed. {error.message}</p>}
      <ul aria-label="Other tokens" aria-busy={fetching} className="grid grid-cols-4 gap-1.5">
        {found
          ? found.map(({ token, change, picture }) => (
              <li key={token}>
                <Tooltip hint={whyNot ?? `Index ${token}, change ${change.toPrecision(2)}. Forks with it.`}>
                  <button
                    type="button"
                    aria-label={`Fork with index ${token}`}
                    aria-disabled={whyNot ? true : undefined}
                    onClick={() => !whyNot && onChoose(token)}
                    className="block aspect-square w-full overflow-hidden rounded-md border hover:border-accent"
                  >
                    {/* biome-ignore lint/performance/noImgElement: inline pictures; nothing to optimise */}
                    <img src={picture.dataUrl ?? picture.url} alt="" width={64} height={64} className="size-full" />
                  </button>
                </Tooltip>
              </li>
            ))
          : !error &&
            Array.from({ length: COUNT }, (_, i) => i).map((i) => (
              <li key={i}>
                <Skeleton className="aspect-square w-full" />
              </li>
            ))}
      </ul>
    </div>
  );
}
