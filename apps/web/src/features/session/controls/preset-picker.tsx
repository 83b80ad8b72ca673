// Sets of parameters by name; the chosen one is forgotten once a value is changed by hand.
'use client';
import { cx } from '../../../lib/cx.ts';
import { Tooltip } from '../../../ui/tooltip.tsx';
import { useDocumentView } from '../document/document-context.tsx';
import { useEdit } from '../document/use-edit.ts';
import { useSession, useWhyNot } from '../session-context.tsx';
import { presetValues } from './preset-values.ts';
import { Section } from './section.tsx';

/** Short enough for four beside each other. */
const SHORT: Readonly<Record<string, string>> = { 'Reference defaults': 'Reference', 'Paper, all tweaks': 'Paper' };

export function PresetPicker() {
  const { presets } = useSession();
  const readOnly = useWhyNot('EDIT');
  const { preset: chosen, startFrom } = useDocumentView((view) => view.settings);
  const edit = useEdit();
  return (
    <Section title="Preset" aside={chosen === null && <span className="text-2xs text-ink-faint">changed by hand</span>}>
      <div role="group" aria-label="Preset" className="flex flex-wrap gap-1">
        {presets.map((preset) => {
          const { name, title, description } = preset;
          const current = chosen === name.toLowerCase();
          return (
            <Tooltip key={name} hint={readOnly ?? description}>
              <button
                type="button"
                aria-pressed={current}
                aria-disabled={readOnly ? true : undefined}
                onClick={() => !readOnly && edit.preset(presetValues(preset, startFrom))}
                className={cx(
                  'h-7 grow rounded-md border px-2 text-xs transition-colors',
                  current ? 'border-accent bg-accent-soft' : 'hover:bg-hover',
                  readOnly && 'opacity-60',
                )}
              >
                {SHORT[title] ?? title}
              </button>
            </Tooltip>
          );
        })}
      </div>
    </Section>
  );
}
