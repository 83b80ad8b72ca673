// What a preset sets, by where the run starts; changing the start keeps the preset and takes its values for the new one.
'use client';
import type { Settings } from '@tessera/collab';
import { useDocument } from '../document/document-context.tsx';
import { knownSettings } from '../document/setting-defaults.ts';
import { useEdit } from '../document/use-edit.ts';
import { useSession } from '../session-context.tsx';
import type { SessionAnswer } from '../session-query.ts';

type Preset = SessionAnswer['presets'][number];

export function presetValues(
  { name, settings, fromNoise }: Preset,
  startFrom: Settings['startFrom'],
): Partial<Settings> {
  const values = startFrom === 'noise' ? fromNoise : settings;
  return {
    ...(typeof values === 'object' && values !== null && knownSettings({ ...values })),
    preset: name.toLowerCase(),
  };
}

/** Sets where runs start, and what comes with it, as one change. */
export function useStart(): (start: Pick<Settings, 'startFrom'> & Partial<Settings>) => void {
  const { presets } = useSession();
  const document = useDocument();
  const edit = useEdit();
  return (start) => {
    const before = document.view.getState().settings;
    const preset = presets.find(({ name }) => name.toLowerCase() === before.preset);
    if (preset && before.startFrom !== start.startFrom)
      edit.preset({ ...presetValues(preset, start.startFrom), ...start });
    else edit.setting(start);
  };
}
