// A quiet shape that keeps the place of what is loading.
import { cx } from '../lib/cx.ts';

export function Skeleton({ className }: { readonly className?: string }) {
  return <div aria-hidden className={cx('animate-shimmer rounded-md bg-hover', className)} />;
}
