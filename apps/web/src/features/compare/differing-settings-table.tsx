// A table of the settings that differ between the compared runs.
'use client';
import { useMemo } from 'react';
import { runTitle } from '../run/run-title.ts';
import type { ComparedPlace } from './compare-page.tsx';
import { differingSettings } from './differing-settings.ts';

export function DifferingSettings({ places }: { readonly places: readonly ComparedPlace[] }) {
  const rows = useMemo(() => differingSettings(places.map(({ run }) => run.plan)), [places]);
  if (places.length < 2) return null;
  if (rows.length === 0) return <p className="text-ink-faint text-xs">Their settings are the same.</p>;
  return (
    <section
      aria-label="Settings that differ"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="thin-scroll overflow-x-auto rounded-xl border bg-surface"
    >
      <table className="w-full text-left text-xs">
        <thead className="text-ink-faint">
          <tr className="border-b">
            <th scope="col" className="px-3 py-2 font-normal">
              What differs
            </th>
            {places.map(({ key, run }) => (
              <th key={key} scope="col" className="max-w-48 truncate px-3 py-2 font-normal">
                {runTitle(run)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, values }) => (
            <tr key={label} className="border-b last:border-0">
              <th scope="row" className="whitespace-nowrap px-3 py-1.5 font-normal text-ink-soft">
                {label}
              </th>
              {values.map((value, i) => (
                <td key={places[i]?.key} className="tabular max-w-64 px-3 py-1.5">
                  {value ?? '–'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
