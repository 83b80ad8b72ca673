// The figures of the shown step.
import { formatNumber } from './format.ts';

export interface StepFiguresProps {
  readonly loss: number | null | undefined;
  readonly score: number | null | undefined;
  readonly changed: number | undefined;
  readonly positions: number;
}

export function StepFigures({ loss, score, changed, positions }: StepFiguresProps) {
  const figures = [
    { label: 'Loss', value: formatNumber(loss) },
    { label: 'Score', value: formatNumber(score) },
    { label: 'Tokens changed', value: changed === undefined ? '–' : `${changed} of ${positions}` },
  ];
  return (
    <dl className="mb-4 grid grid-cols-3 gap-3">
      {figures.map(({ label, value }) => (
        <div key={label}>
          <dt className="text-2xs text-ink-faint">{label}</dt>
          <dd className="tabular font-medium text-lg">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
