// A run's status as a small coloured word.
import { cx } from '../../lib/cx.ts';
import { Spinner } from '../../ui/spinner.tsx';
import { type RunStatus, STATUSES, type Tone } from './status.ts';

const TONES: Readonly<Record<Tone, string>> = {
  quiet: 'bg-sunken text-ink-soft',
  active: 'bg-accent-soft text-ink',
  good: 'bg-sunken text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-danger-soft text-danger',
};

export function StatusPill({ status, className }: { readonly status: RunStatus; readonly className?: string }) {
  const { label, tone, meaning } = STATUSES[status];
  return (
    <span
      title={meaning}
      className={cx(
        'inline-flex h-5 shrink-0 items-center gap-1 rounded-full px-2 text-2xs font-medium',
        TONES[tone],
        className,
      )}
    >
      {tone === 'active' && <Spinner className="size-3" />}
      {label}
    </span>
  );
}
