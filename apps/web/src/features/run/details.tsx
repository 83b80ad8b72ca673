// What a run computed and how: its settings, what does nothing, where it came from, its manifest.
'use client';
import { TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { CodeBlock } from './code-block.tsx';
import { describeChange } from './describe-change.ts';
import type { RunDetails } from './documents.ts';
import { formatDuration, formatNumber, runTime } from './format.ts';
import { type PlanRow, planRows } from './plan-rows.ts';
import { Thumb } from './thumb.tsx';

export interface DetailsProps {
  readonly run: RunDetails;
  /** Stored by now: the stream knows more than the run as it was loaded. */
  readonly stepCount: number;
  readonly newest: { readonly loss: number | null; readonly score: number | null };
}

export function Details({ run, stepCount, newest }: DetailsProps) {
  const { general, objectives } = planRows(run.plan);
  const took = runTime(run, Date.now());
  return (
    <div className="flex flex-col gap-5">
      {run.deadKnobs.length > 0 && (
        <ul className="flex flex-col gap-1 rounded-lg bg-warn-soft p-3 text-warn text-xs">
          {run.deadKnobs.map((knob) => (
            <li key={knob} className="flex gap-2">
              <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
              {knob}
            </li>
          ))}
        </ul>
      )}
      <Rows
        rows={[
          { path: 'loss', label: 'Loss', value: formatNumber(newest.loss ?? run.loss) },
          { path: 'score', label: 'Score', value: formatNumber(newest.score ?? run.score) },
          {
            path: 'stored',
            label: 'Steps stored',
            value: `${Math.max(stepCount, run.stepCount) - run.firstStep} of ${run.iterations}`,
          },
          ...(run.skippedSteps > 0
            ? [{ path: 'skipped', label: 'Steps skipped', value: String(run.skippedSteps) }]
            : []),
          ...(took === null ? [] : [{ path: 'time', label: 'Time', value: formatDuration(took) }]),
          { path: 'created', label: 'Started by', value: run.user?.name ?? 'somebody who left' },
          { path: 'at', label: 'Created', value: new Date(run.createdAt).toLocaleString() },
        ]}
      />
      {(run.seed || run.mask) && (
        <div className="flex gap-3">
          {run.seed && (
            <Source href={`/seeds?seed=${run.seed.id}`} label={`Seed: ${run.seed.name}`} url={run.seed.picture.url} />
          )}
          {run.mask && <Source label={`Mask: ${run.mask.name}`} url={run.mask.picture.url} />}
        </div>
      )}
      {objectives.map((rows, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: objectives are told apart by their place
        <Section key={i} title={objectives.length > 1 ? `Objective ${i + 1}` : 'Objective'}>
          <Rows rows={rows} />
        </Section>
      ))}
      <Section title="Settings">
        <Rows rows={general} />
      </Section>
      {run.steering.length > 0 && (
        <Section title="Changed while running">
          <Rows
            rows={run.steering.map(({ seq, appliedStep, change, user }) => ({
              path: String(seq),
              label: appliedStep === null ? 'Not yet applied' : `At step ${appliedStep}`,
              value: `${describeChange(change)} (${user?.name ?? 'somebody who left'})`,
            }))}
          />
        </Section>
      )}
      <Section title="Manifest">
        {run.manifest ? (
          <CodeBlock text={JSON.stringify(shorten(run.manifest), null, 2)} className="max-h-72" />
        ) : (
          <p className="text-ink-faint text-xs">Written when the first step is computed.</p>
        )}
      </Section>
    </div>
  );
}

/** The start of a run is kilobytes of base64: the export has them, the page shows that they are there. */
function shorten(manifest: unknown): unknown {
  return JSON.parse(JSON.stringify(manifest), (_, value: unknown) =>
    typeof value === 'string' && value.length > 120 ? `${value.slice(0, 32)}… (${value.length} characters)` : value,
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-2 font-medium text-ink-soft text-xs">{title}</h3>
      {children}
    </section>
  );
}

function Rows({ rows }: { readonly rows: readonly PlanRow[] }) {
  return (
    <dl className="grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-3 gap-y-1 text-xs">
      {rows.map(({ path, label, value }) => (
        <div key={path} className="col-span-2 grid grid-cols-subgrid">
          <dt className="text-ink-faint">{label}</dt>
          <dd className="tabular min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Source({ href, label, url }: { readonly href?: string; readonly label: string; readonly url: string }) {
  const content = (
    <>
      <Thumb url={url} className="size-20 rounded-md border object-cover" />
      <span className="block w-20 truncate text-2xs text-ink-soft">{label}</span>
    </>
  );
  return href ? (
    <Link href={href} className="flex flex-col gap-1">
      {content}
    </Link>
  ) : (
    <span className="flex flex-col gap-1">{content}</span>
  );
}
