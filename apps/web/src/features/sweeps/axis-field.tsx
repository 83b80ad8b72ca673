// One axis of a sweep: what varies, and its values as people type them.
'use client';
import { Trash2 } from 'lucide-react';
import { Field, INPUT_CLASS, TextInput } from '../../ui/field.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Select } from '../../ui/select.tsx';
import { AXIS_PATHS, type AxisPath, type AxisValues, showAxisValue } from './axis-values.ts';

export interface AxisDraft {
  readonly path: string;
  readonly text: string;
}

export interface AxisFieldProps {
  readonly title: string;
  readonly draft: AxisDraft;
  /** Paths that no axis uses yet. */
  readonly free: readonly AxisPath[];
  /** An axis as it is before anybody types. */
  readonly begin: (axis: AxisPath) => AxisDraft;
  readonly result: AxisValues;
  readonly onChange: (draft: AxisDraft) => void;
  readonly onRemove: (() => void) | null;
}

const HINTS: Readonly<Record<AxisPath['kind'], string>> = {
  number: 'Such as 0.05, 0.1 or 0..1 by 0.25.',
  whole: 'Such as 100, 200 or 1..4.',
  text: 'One per line.',
};

export function AxisField({ title, draft, free, begin, result, onChange, onRemove }: AxisFieldProps) {
  const axis = AXIS_PATHS.find(({ path }) => path === draft.path)!;
  const problem = 'problem' in result ? result.problem : null;
  const error = draft.text.trim() === '' ? null : problem;
  const values = 'values' in result ? result.values : [];
  const shared = {
    value: draft.text,
    placeholder: axis.example,
    'aria-invalid': error !== null,
  };
  const edit = (text: string) => onChange({ ...draft, text });
  return (
    <fieldset className="rounded-lg border p-3">
      <legend className="px-1 text-ink-faint text-xs">{title}</legend>
      <div className="flex items-center gap-2">
        <Select
          label={`${title}: what varies`}
          value={draft.path}
          options={AXIS_PATHS.filter((one) => one === axis || free.includes(one)).map(({ path, label }) => ({
            value: path,
            label,
          }))}
          onChange={(path) => onChange(begin(AXIS_PATHS.find((one) => one.path === path) ?? axis))}
        />
        {onRemove && <IconButton icon={Trash2} label="Remove this axis" size="sm" onClick={onRemove} />}
      </div>
      <Field label="Values" className="mt-2" error={error} hint={HINTS[axis.kind]}>
        {({ id, describedBy }) =>
          axis.kind === 'text' ? (
            <textarea
              {...shared}
              id={id}
              aria-describedby={describedBy}
              rows={3}
              onChange={(event) => edit(event.target.value)}
              className={`${INPUT_CLASS} py-1.5`}
            />
          ) : (
            <TextInput
              {...shared}
              id={id}
              aria-describedby={describedBy}
              onChange={(event) => edit(event.target.value)}
            />
          )
        }
      </Field>
      {draft.text.includes('..') && values.length > 0 && (
        <p className="tabular mt-1.5 truncate text-2xs text-ink-soft">{values.map(showAxisValue).join('  ')}</p>
      )}
    </fieldset>
  );
}
