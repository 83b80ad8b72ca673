// What somebody should know about how a run stands: why it failed, that it waits, that steps are missing.
import { Info, TriangleAlert } from 'lucide-react';
import { cx } from '../../lib/cx.ts';
import type { RunDetails } from './documents.ts';
import type { RunStatus } from './status.ts';

export interface RunNoticeProps {
  readonly run: RunDetails;
  readonly status: RunStatus;
  readonly error: { readonly message: string } | null;
  /** Of the live stream. */
  readonly problem: string | null;
  readonly missing: number;
}

export function RunNotice(props: RunNoticeProps) {
  const notice = noticeOf(props);
  if (!notice) return null;
  const Icon = notice.bad ? TriangleAlert : Info;
  return (
    <p
      role="status"
      className={cx(
        'flex gap-2 rounded-lg px-3 py-2 text-sm',
        notice.bad ? 'bg-danger-soft text-danger' : 'bg-sunken text-ink-soft',
      )}
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      {notice.text}
    </p>
  );
}

function noticeOf({
  run,
  status,
  error,
  problem,
  missing,
}: RunNoticeProps): { readonly text: string; readonly bad: boolean } | null {
  if (status === 'FAILED')
    return { text: error?.message ?? 'The run failed; its steps before that are kept.', bad: true };
  if (status === 'DIVERGED')
    return {
      text: 'The loss left all bounds. A lower learning rate usually helps; fork at an earlier step.',
      bad: true,
    };
  if (problem) return { text: `The steps did not all arrive: ${problem}`, bad: true };
  if (status === 'QUEUED') {
    const ahead = run.queuePosition?.ahead ?? 0;
    const place =
      ahead === 0
        ? 'It is next in the queue.'
        : `${ahead} ${ahead === 1 ? 'run is' : 'runs are'} before it in the queue.`;
    return { text: run.interruption ? `${place} It was interrupted: ${run.interruption}` : place, bad: false };
  }
  if (missing > 0) return { text: `${missing} steps were thinned out and can no longer be shown.`, bad: false };
  return null;
}
