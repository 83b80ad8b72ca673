// A turning ring for work of unknown length; the text beside it says what is done.
import { LoaderCircle } from 'lucide-react';

export function Spinner({ className = 'size-4' }: { readonly className?: string }) {
  return <LoaderCircle aria-hidden className={`animate-spin ${className}`} />;
}
