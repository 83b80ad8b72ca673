// What the run is led by: each objective with its weight and model.
'use client';
import type { SessionObjective } from '@tessera/collab';
import { Plus, Trash2 } from 'lucide-react';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Menu } from '../../../ui/menu.tsx';
import { NumberField } from '../../../ui/number-field.tsx';
import { Select } from '../../../ui/select.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { useDocumentView } from '../document/document-context.tsx';
import { useEdit } from '../document/use-edit.ts';
import { useSession, useWhyNot } from '../session-context.tsx';
import { Section } from './section.tsx';

const KINDS = [
  { kind: 'clip', label: 'CLIP', about: 'how well it fits the prompt' },
  { kind: 'siglip', label: 'SigLIP', about: 'the same by another model' },
  { kind: 'l1', label: 'L1', about: 'stay like the start picture' },
  { kind: 'l2', label: 'L2', about: 'stay like it, large changes count more' },
] as const;

/** Steps between two readings of the meter, as in a new session. */
const METER_EVERY = 10;

export function ObjectivesSection() {
  const objectives = useDocumentView((view) => view.objectives);
  const readOnly = useWhyNot('EDIT');
  const edit = useEdit();
  const metered = useDocumentView((view) => view.settings.meterEvery > 0);
  const add = (kind: SessionObjective['kind']) => {
    const id = crypto.randomUUID();
    const small = kind === 'l1' || kind === 'l2';
    edit.addObjective(small ? { id, kind, weight: 0.1 } : { id, kind, model: null, weight: 1 });
  };
  return (
    <Section
      title="Objectives"
      aside={
        <Menu
          trigger={<IconButton icon={Plus} label="Add an objective" size="sm" disabled={readOnly} />}
          groups={[
            readOnly
              ? []
              : KINDS.map(({ kind, label, about }) => ({
                  id: kind,
                  label: `${label}: ${about}`,
                  onSelect: () => add(kind),
                })),
          ]}
        />
      }
    >
      {objectives.length === 0 ? (
        <p className="text-ink-faint text-xs">None is set: CLIP with weight 1 leads the run.</p>
      ) : (
        <ul className="grid gap-1.5">
          {objectives.map((objective) => (
            <ObjectiveRow key={objective.id} objective={objective} readOnly={readOnly} />
          ))}
        </ul>
      )}
      <Switch
        label="Independent meter (SigLIP)"
        checked={metered}
        disabled={readOnly !== undefined}
        onChange={(on) => edit.setting({ meterEvery: on ? METER_EVERY : 0 })}
      />
    </Section>
  );
}

interface ObjectiveRowProps {
  readonly objective: SessionObjective;
  readonly readOnly: string | undefined;
}

function ObjectiveRow({ objective, readOnly }: ObjectiveRowProps) {
  const edit = useEdit();
  const { models } = useSession();
  const { id, kind } = objective;
  const { label } = KINDS.find((known) => known.kind === kind) ?? { label: kind };
  const encoders = models.filter((model) => model.kind === 'ENCODER' && model.family.toLowerCase().startsWith(kind));
  const hasModel = kind === 'clip' || kind === 'siglip';
  return (
    <li className="flex items-center gap-1.5">
      {hasModel && encoders.length > 1 ? (
        <span className="min-w-0 grow">
          <Select
            label={`Model of ${label}`}
            value={objective.model ?? DEFAULT}
            disabled={readOnly !== undefined}
            options={[
              { value: DEFAULT, label: `${label}, default` },
              ...encoders.map((model) => ({ value: model.id, label: model.name, disabled: !model.installed })),
            ]}
            onChange={(model) => edit.changeObjective(id, { model: model === DEFAULT ? null : model })}
          />
        </span>
      ) : (
        <span className="min-w-0 grow text-xs">{label}</span>
      )}
      <NumberField
        label="weight"
        sign="×"
        value={objective.weight ?? 1}
        step={0.1}
        narrow
        disabled={readOnly}
        hint="Weight: how much it counts; below 0 leads away from it"
        onChange={(weight) => edit.changeObjective(id, { weight })}
      />
      <IconButton
        icon={Trash2}
        label={`Remove ${label}`}
        size="sm"
        disabled={readOnly}
        onClick={() => edit.removeObjective(id)}
      />
    </li>
  );
}

const DEFAULT = 'default';
