// What is marked on the time axis of a run: live changes and comments.
import { describeChange } from './describe-change.ts';
import type { RunDetails } from './documents.ts';
import type { Mark } from './timeline.tsx';

export function marksOf(
  run: RunDetails,
  comments: readonly { readonly id: string; readonly step: number | null; readonly body: string }[],
): Mark[] {
  return [
    ...run.steering.map(({ seq, appliedStep, change, user }): Mark | null =>
      appliedStep === null
        ? null
        : {
            id: `steering-${seq}`,
            step: appliedStep,
            kind: 'steering',
            label: `${user?.name ?? 'Somebody'}: ${describeChange(change)}`,
          },
    ),
    ...comments.map(({ id, step, body }): Mark | null =>
      step === null ? null : { id, step, kind: 'comment', label: body.length > 80 ? `${body.slice(0, 80)}…` : body },
    ),
  ].filter((mark) => mark !== null);
}
