// A person as a coloured disc with initials.
import { cx } from '../lib/cx.ts';

export interface AvatarProps {
  readonly name: string;
  readonly colour: string;
  readonly size?: 'sm' | 'md';
  /** A ring in the person's colour. */
  readonly ring?: boolean;
}

export function Avatar({ name, colour, size = 'md', ring = false }: AvatarProps) {
  return (
    <span
      aria-hidden
      style={{ backgroundColor: colour, ...(ring && { boxShadow: `0 0 0 2px var(--surface), 0 0 0 4px ${colour}` }) }}
      className={cx(
        'inline-flex select-none items-center justify-center rounded-full font-semibold text-white',
        size === 'sm' ? 'size-5 text-[9px]' : 'size-7 text-2xs',
      )}
    >
      {initials(name)}
    </span>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => (word ?? '?').slice(0, 1).toUpperCase()).join('');
}
