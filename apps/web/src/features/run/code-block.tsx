// Text of a machine: scrolls in both directions, by keyboard too.
import { cx } from '../../lib/cx.ts';

export function CodeBlock({ text, className }: { readonly text: string; readonly className?: string }) {
  return (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className={cx(
        'thin-scroll overflow-auto rounded-lg border bg-sunken p-3 font-mono text-2xs leading-relaxed',
        className,
      )}
    >
      {text}
    </pre>
  );
}
