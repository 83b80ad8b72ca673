// The time of a run on one axis: the slider with its marks, the loss above, the token changes below.
'use client';
import { cx } from '../../lib/cx.ts';
import { Slider } from '../../ui/slider.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';

export interface Mark {
  readonly id: string;
  readonly step: number;
  readonly kind: 'steering' | 'comment' | 'fork';
  readonly label: string;
}

const LOOKS: Readonly<Record<Mark['kind'], string>> = {
  steering: 'bg-warn',
  comment: 'bg-good',
  fork: 'bg-accent',
};

export interface TimelineProps {
  readonly step: number;
  /** Last stored step. */
  readonly last: number;
  /** End of the axis: the last step of the plan, where the run still goes on. */
  readonly end: number;
  readonly marks: readonly Mark[];
  readonly onStep: (step: number) => void;
  readonly gutter: number;
}

export function Timeline({ step, last, end, marks, onStep, gutter }: TimelineProps) {
  return (
    <div style={{ paddingLeft: gutter, paddingRight: 7 }}>
      <div className="relative h-4">
        {marks.map((mark) => (
          <Tooltip key={mark.id} hint={mark.label}>
            <button
              type="button"
              aria-label={`${mark.label}: show step ${mark.step}`}
              onClick={() => onStep(Math.min(mark.step, last))}
              className="-translate-x-1/2 absolute inset-y-0 w-4"
              style={{ left: `${((mark.step + 0.5) / (end + 1)) * 100}%` }}
            >
              <span className={cx('mx-auto block h-3 w-1 rounded-full', LOOKS[mark.kind])} />
            </button>
          </Tooltip>
        ))}
      </div>
      <Slider
        label="Step"
        min={0}
        max={Math.max(1, end)}
        value={step}
        valueText={`step ${step} of ${last}`}
        onChange={(next) => onStep(Math.min(next, last))}
      />
    </div>
  );
}
