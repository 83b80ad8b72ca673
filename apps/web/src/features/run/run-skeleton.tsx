// The shape of a run's page while it loads: nothing moves when it arrives.
import { Skeleton } from '../../ui/skeleton.tsx';

export function RunSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading the run"
      className="mx-auto grid w-full max-w-7xl gap-6 p-4 lg:grid-cols-[1fr_22rem]"
    >
      <div className="flex flex-col gap-4">
        <Skeleton className="h-11 w-2/3" />
        <div className="grid gap-4 md:grid-cols-[minmax(0,26rem)_1fr]">
          <Skeleton className="aspect-square" />
          <Skeleton className="h-56" />
        </div>
        <Skeleton className="h-80" />
      </div>
      <Skeleton className="h-96" />
    </div>
  );
}
