// One slider over several runs, at full step precision; it stays in view while the pictures scroll.
'use client';
import { Slider } from '../../ui/slider.tsx';
import { Transport } from '../run/transport.tsx';

export interface SharedSliderProps {
  readonly step: number;
  readonly last: number;
  readonly onStep: (step: number) => void;
}

export function SharedSlider({ step, last, onStep }: SharedSliderProps) {
  return (
    <div className="sticky bottom-3 z-10 flex flex-wrap items-center gap-x-4 gap-y-1 rounded-xl border bg-raised px-4 py-2 shadow-float">
      <Transport step={step} first={0} last={last} onStep={onStep} />
      <Slider
        label="Step of all runs"
        max={Math.max(1, last)}
        value={step}
        valueText={`step ${step} of ${last}`}
        onChange={(next) => onStep(Math.min(next, last))}
        className="!w-auto min-w-40 grow"
      />
    </div>
  );
}
