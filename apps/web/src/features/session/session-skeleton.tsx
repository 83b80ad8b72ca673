// The shape of a session while it loads: each part where it will be, so that nothing moves when it comes.
import { Skeleton } from '../../ui/skeleton.tsx';
import { StudioLayout } from './studio-layout.tsx';

const FIELDS = ['steps', 'rate', 'noise', 'scale', 'seed'] as const;

export function SessionSkeleton() {
  return (
    <div role="status" aria-label="Opening the session" className="flex min-h-0 grow flex-col">
      <StudioLayout
        controls={<ControlsShape />}
        stage={
          <div className="@container-size grid min-h-0 w-full grow place-items-center max-md:aspect-square">
            <Skeleton className="aspect-square w-[min(100cqw,100cqh)] rounded-lg!" />
          </div>
        }
        below={
          <>
            <Skeleton className="h-7" />
            <Skeleton className="h-15" />
            <Skeleton className="h-7 w-1/2" />
          </>
        }
        curve={
          <div className="grid content-start gap-3">
            <Skeleton className="h-4 w-16" />
            <Skeleton className="h-40" />
          </div>
        }
        runs={
          <div className="grid gap-2 tablet:pt-3">
            <Skeleton className="h-4 w-24" />
            <Skeleton className="h-12" />
            <Skeleton className="h-12" />
          </div>
        }
      />
    </div>
  );
}

function ControlsShape() {
  return (
    <div className="flex min-h-0 grow flex-col gap-5 overflow-hidden border-r bg-surface p-4 max-md:border-r-0">
      <Skeleton className="h-4 w-16" />
      <Skeleton className="-mt-3 h-18" />
      <Skeleton className="h-4 w-20" />
      <Skeleton className="-mt-3 h-7" />
      <Skeleton className="-mt-3 h-14" />
      <Skeleton className="h-4 w-14" />
      <Skeleton className="-mt-3 h-7" />
      <Skeleton className="h-4 w-24" />
      {FIELDS.map((field) => (
        <Skeleton key={field} className="-mt-3 h-7" />
      ))}
      <Skeleton className="mt-auto h-10 shrink-0" />
    </div>
  );
}
