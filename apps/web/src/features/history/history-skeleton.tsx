// The shape of the history while its first page loads.
import { Skeleton } from '../../ui/skeleton.tsx';

export function HistorySkeleton({ layout }: { readonly layout: 'grid' | 'list' }) {
  const places = Array.from({ length: layout === 'grid' ? 18 : 12 }, (_, i) => i);
  return (
    <div className="overflow-hidden px-4">
      {layout === 'grid' ? (
        <div className="grid grid-cols-[repeat(auto-fill,minmax(164px,1fr))] gap-3">
          {places.map((place) => (
            <Skeleton key={place} className="h-56" />
          ))}
        </div>
      ) : (
        <div className="flex flex-col gap-2">
          {places.map((place) => (
            <Skeleton key={place} className="h-12" />
          ))}
        </div>
      )}
    </div>
  );
}
