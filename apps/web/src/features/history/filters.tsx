// The filters of the history, behind one button.
'use client';
import { ListFilter } from 'lucide-react';
import { useQuery } from 'urql';
import { cx } from '../../lib/cx.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Popover } from '../../ui/popover.tsx';
import { Select } from '../../ui/select.tsx';
import { Switch } from '../../ui/switch.tsx';
import { ALL_STATUSES, STATUSES } from '../run/status.ts';
import { HistoryChoicesDocument, HistoryPeopleDocument } from './documents.ts';
import { filterCount, type HistoryView, PERIODS, type Period, PLAIN_VIEW } from './view.ts';

export interface FiltersProps {
  readonly workspaceId: string;
  readonly view: HistoryView;
  readonly onView: (change: Partial<HistoryView>) => void;
}

/** Radix takes no empty value. */
const ANY = 'any';

export function Filters({ workspaceId, view, onView }: FiltersProps) {
  const [{ data }] = useQuery({
    query: HistoryChoicesDocument,
    variables: { workspaceId },
    requestPolicy: 'cache-first',
  });
  const people = usePeople(workspaceId, view.userId);
  const set = filterCount(view);
  const sessions = data?.workspace?.sessions.nodes ?? [];
  const tokenizers = data?.models.filter(({ kind }) => kind === 'TOKENIZER') ?? [];
  const { text, search, order, layout } = view;
  return (
    <Popover
      label="Filters"
      align="end"
      className="flex w-72 flex-col gap-4"
      trigger={
        <Button size="sm" icon={ListFilter} aria-label={set > 0 ? `Filters, ${set} set` : 'Filters'}>
          Filters
          {set > 0 && <span className="tabular rounded-full bg-accent px-1.5 text-2xs text-on-accent">{set}</span>}
        </Button>
      }
    >
      <fieldset>
        <legend className="mb-1.5 text-ink-soft text-xs">Status</legend>
        <div className="flex flex-wrap gap-1">
          {ALL_STATUSES.map((status) => {
            const on = view.statuses.includes(status);
            return (
              <button
                key={status}
                type="button"
                aria-pressed={on}
                onClick={() =>
                  onView({ statuses: on ? view.statuses.filter((one) => one !== status) : [...view.statuses, status] })
                }
                className={cx(
                  'h-6 rounded-full border px-2 text-2xs',
                  on ? 'border-accent bg-accent-soft text-ink' : 'text-ink-soft hover:bg-hover',
                )}
              >
                {STATUSES[status].label}
              </button>
            );
          })}
        </div>
      </fieldset>
      <Field label="Created">
        {({ id }) => (
          <Select
            id={id}
            label="Created"
            value={view.period ?? ANY}
            onChange={(period) => onView({ period: period === ANY ? null : (period as Period) })}
            options={[
              { value: ANY, label: 'At any time' },
              ...Object.entries(PERIODS).map(([value, { label }]) => ({ value, label })),
            ]}
          />
        )}
      </Field>
      <Field label="Session">
        {({ id }) => (
          <Select
            id={id}
            label="Session"
            value={view.sessionId ?? ANY}
            onChange={(sessionId) => onView({ sessionId: sessionId === ANY ? null : sessionId })}
            options={[
              { value: ANY, label: 'All sessions' },
              ...sessions.map((session) => ({ value: session.id, label: session.name })),
            ]}
          />
        )}
      </Field>
      {(people.length > 1 || view.userId !== null) && (
        <Field label="Started by">
          {({ id }) => (
            <Select
              id={id}
              label="Started by"
              value={view.userId ?? ANY}
              onChange={(userId) => onView({ userId: userId === ANY ? null : userId })}
              options={[{ value: ANY, label: 'Anybody' }, ...people]}
            />
          )}
        </Field>
      )}
      <Field label="Tokenizer">
        {({ id }) => (
          <Select
            id={id}
            label="Tokenizer"
            value={view.tokenizer ?? ANY}
            onChange={(tokenizer) => onView({ tokenizer: tokenizer === ANY ? null : tokenizer })}
            options={[
              { value: ANY, label: 'All tokenizers' },
              ...tokenizers.map(({ id: value, name }) => ({ value, label: name })),
            ]}
          />
        )}
      </Field>
      <fieldset>
        <legend className="mb-1.5 text-ink-soft text-xs">Score</legend>
        <div className="flex items-center gap-2 text-ink-faint text-xs">
          <ScoreInput label="Lowest score" value={view.minScore} onChange={(minScore) => onView({ minScore })} />
          to
          <ScoreInput label="Highest score" value={view.maxScore} onChange={(maxScore) => onView({ maxScore })} />
        </div>
      </fieldset>
      <Switch label="Pinned only" checked={view.pinned} onChange={(pinned) => onView({ pinned })} />
      {set > 0 && (
        <Button size="sm" look="ghost" onClick={() => onView({ ...PLAIN_VIEW, text, search, order, layout })}>
          Clear the filters
        </Button>
      )}
    </Popover>
  );
}

/** Members by name; one who left, but is asked for, stands among them. */
function usePeople(workspaceId: string, userId: string | null) {
  const [{ data }] = useQuery({
    query: HistoryPeopleDocument,
    variables: { workspaceId },
    requestPolicy: 'cache-and-network',
  });
  const people = (data?.workspace?.members ?? [])
    .map(({ user }) => ({ value: user.id, label: user.name }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const known = userId === null || people.some(({ value }) => value === userId);
  return known ? people : [...people, { value: userId, label: 'Somebody who left' }];
}

interface ScoreInputProps {
  readonly label: string;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

function ScoreInput({ label, value, onChange }: ScoreInputProps) {
  return (
    <TextInput
      aria-label={label}
      type="number"
      step="any"
      placeholder="any"
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.valueAsNumber)}
      className="tabular"
    />
  );
}
