// All positions with the tokens of both sides; those that differ can be pressed to take the other one.
import { cx } from '../../lib/cx.ts';
import type { StepDifference } from './documents.ts';

export interface TokenChoiceProps {
  readonly positions: number;
  readonly differences: StepDifference['positions'];
  readonly taken: ReadonlySet<number>;
  readonly onToggle: (position: number) => void;
}

export function TokenChoice({ positions, differences, taken, onToggle }: TokenChoiceProps) {
  const found = new Map(differences.map((one) => [one.position, one]));
  const all = Array.from(
    { length: positions },
    (_, position) => found.get(position) ?? { position, before: null, after: null },
  );
  return (
    <div className="grid grid-cols-8 gap-1">
      {all.map(({ position, before, after }) => {
        const differs = before !== after;
        const other = taken.has(position);
        return (
          <button
            key={position}
            type="button"
            aria-disabled={!differs || undefined}
            aria-pressed={differs ? other : undefined}
            onClick={() => differs && onToggle(position)}
            className={cx(
              'tabular flex h-9 flex-col justify-center rounded-md border text-center text-2xs leading-tight',
              !differs && '!cursor-default border-transparent bg-sunken text-ink-faint',
              differs && (other ? 'border-accent bg-accent-soft' : 'hover:bg-hover'),
            )}
          >
            <span className="sr-only">Position {position}</span>
            {differs ? (
              <>
                <span className={cx(other && 'text-ink-faint line-through')}>{before}</span>
                <span className="sr-only">in A,</span>
                <span className={cx(!other && 'text-ink-faint')}>{after}</span>
                <span className="sr-only">in B</span>
              </>
            ) : (
              <>
                <span aria-hidden>=</span>
                <span className="sr-only">is the same</span>
              </>
            )}
          </button>
        );
      })}
    </div>
  );
}
