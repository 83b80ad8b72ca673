// The scalar parameters: those people turn often, and all others folded away.
'use client';
import type { SettingName, Settings } from '@tessera/collab';
import { Dices } from 'lucide-react';
import { IconButton } from '../../../ui/icon-button.tsx';
import { NumberField } from '../../../ui/number-field.tsx';
import { Select, type SelectProps } from '../../../ui/select.tsx';
import { useDocumentView } from '../document/document-context.tsx';
import { useEdit } from '../document/use-edit.ts';
import { useSession, useWhyNot } from '../session-context.tsx';
import { ADVANCED, BASIC, type NumberParameter } from './parameters.ts';
import { Section } from './section.tsx';

export function ParametersSection() {
  const edit = useEdit();
  const readOnly = useWhyNot('EDIT');
  const settings = useDocumentView((view) => view.settings);
  const { models } = useSession();
  const off = readOnly !== undefined;
  const tokenizers = models.filter(({ kind }) => kind === 'TOKENIZER');
  return (
    <>
      <Section title="Parameters">
        <div className="grid gap-1.5">
          {BASIC.map((parameter) => (
            <NumberRow key={parameter.name} parameter={parameter} settings={settings} readOnly={readOnly} />
          ))}
          <div className="flex items-center gap-1">
            <NumberRow
              parameter={{
                name: 'seed',
                label: 'Random seed',
                integer: true,
                min: 0,
                hint: 'The same seed gives the same run',
              }}
              settings={settings}
              readOnly={readOnly}
            />
            <IconButton
              icon={Dices}
              label="Another random seed"
              size="sm"
              disabled={readOnly}
              onClick={() => edit.setting({ seed: Math.floor(Math.random() * 1e6) })}
            />
          </div>
        </div>
      </Section>
      <Section title="More parameters" folded>
        <div className="grid gap-1.5">
          {ADVANCED.map((parameter) => (
            <NumberRow key={parameter.name} parameter={parameter} settings={settings} readOnly={readOnly} />
          ))}
          <Choice
            label="Regularise towards"
            value={settings.regularisationTowards}
            disabled={off}
            options={TOWARDS}
            onChange={(regularisationTowards) => edit.setting({ regularisationTowards })}
          />
          <Choice
            label="Quantisation"
            value={settings.quantisation}
            disabled={off}
            options={QUANTISATIONS}
            onChange={(quantisation) => edit.setting({ quantisation })}
          />
          <Choice
            label="Precision"
            value={settings.precision}
            disabled={off}
            options={PRECISIONS}
            onChange={(precision) => edit.setting({ precision })}
          />
          <Choice
            label="Tokenizer"
            value={settings.tokenizer ?? DEFAULT}
            disabled={off}
            options={[
              { value: DEFAULT, label: 'default' },
              ...tokenizers.map(({ id, name, installed }) => ({
                value: id,
                label: name,
                disabled: !installed,
                ...(!installed && { note: 'not downloaded; see Models' }),
              })),
            ]}
            onChange={(id) => edit.setting({ tokenizer: id === DEFAULT ? null : id })}
          />
        </div>
      </Section>
    </>
  );
}

const DEFAULT = 'default';

const TOWARDS = [
  { value: 'zero', label: 'zero' },
  { value: 'seed', label: 'the start' },
] as const;

const QUANTISATIONS = [
  { value: 'straight-through', label: 'straight-through' },
  { value: 'before', label: 'before the loss' },
] as const;

const PRECISIONS = [
  { value: 'fp32', label: 'float32' },
  { value: 'fp16', label: 'float16' },
  { value: 'int8', label: 'int8' },
] as const;

/** A select with its label beside it. */
function Choice<Value extends string>(props: SelectProps<Value>) {
  return (
    <div className="flex items-center justify-between gap-2">
      <span className="text-ink-soft text-xs">{props.label}</span>
      <span className="w-32 min-w-0">
        <Select {...props} />
      </span>
    </div>
  );
}

interface NumberRowProps {
  readonly parameter: NumberParameter;
  readonly settings: Settings;
  readonly readOnly: string | undefined;
}

function NumberRow({ parameter, settings, readOnly }: NumberRowProps) {
  const edit = useEdit();
  const { name, ...field } = parameter;
  const value: Settings[SettingName] = settings[name];
  return (
    <NumberField
      {...field}
      value={value}
      disabled={readOnly}
      onChange={(next) => edit.setting({ [name]: next })}
      className="grow"
    />
  );
}
