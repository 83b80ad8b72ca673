// A small picture that is loaded when it comes into view; keeps its place meanwhile and where there is none.
import { cx } from '../../lib/cx.ts';

export interface ThumbProps {
  readonly url: string | null | undefined;
  /** Empty where the text beside it says the same. */
  readonly alt?: string;
  /** Names at least its size. */
  readonly className: string;
}

export function Thumb({ url, alt = '', className }: ThumbProps) {
  if (!url) return <span className={cx('block bg-sunken', className)} />;
  return (
    // biome-ignore lint/performance/noImgElement: the server scales pictures; Next would do so again
    <img
      src={url}
      alt={alt}
      loading="lazy"
      decoding="async"
      draggable={false}
      className={cx('block bg-sunken', className)}
    />
  );
}
