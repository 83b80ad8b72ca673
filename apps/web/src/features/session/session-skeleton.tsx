// The shape of a session while it loads.
import { Skeleton } from '../../ui/skeleton.tsx';

export function SessionSkeleton() {
  return (
    <div role="status" aria-label="Opening the session" className="flex min-h-0 grow gap-4 p-4">
      <Skeleton className="hidden h-full w-72 md:block" />
      <div className="flex grow flex-col items-center gap-4">
        <Skeleton className="aspect-square w-full max-w-[60vh]" />
        <Skeleton className="h-8 w-full max-w-[60vh]" />
      </div>
      <Skeleton className="hidden h-full w-72 lg:block" />
    </div>
  );
}
