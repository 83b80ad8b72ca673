// Where the parts of a session stand: three columns at a desk, two on a tablet, one below the other on a phone.
import type { ReactNode } from 'react';

export interface StudioLayoutProps {
  readonly controls: ReactNode;
  /** Above the picture. */
  readonly tools?: ReactNode;
  /** The picture, or what stands in its place; fills the room it is given. */
  readonly stage: ReactNode;
  /** What belongs to the picture: its time and its tokens. */
  readonly below: ReactNode;
  readonly curve: ReactNode;
  readonly runs: ReactNode;
}

/**
 * A picture is as large as its column allows. On a tablet the column scrolls: curve and runs follow right below, in reach
 * without leaving the controls.
 */
export function StudioLayout({ controls, tools, stage, below, curve, runs }: StudioLayoutProps) {
  return (
    <div className="thin-scroll flex min-h-0 grow phone:flex-col phone:overflow-y-auto">
      <div className="flex min-h-0 w-72 shrink-0 flex-col phone:order-2 desk:w-[clamp(17.5rem,22vw,19rem)] phone:w-full">
        {controls}
      </div>
      <div className="phone:contents flex min-h-0 min-w-0 grow tablet:flex-col tablet:overflow-y-auto">
        <div className="phone:order-1 flex min-h-0 min-w-0 desk:grow phone:shrink-0 tablet:shrink-0 flex-col gap-3 phone:p-3 p-4">
          {tools}
          {/* Its height is known on a tablet, so that the picture fits a square of its width or a low window. */}
          <div className="flex min-h-0 desk:grow phone:shrink-0 tablet:aspect-square tablet:max-h-[calc(100dvh-16rem)] tablet:shrink-0 flex-col">
            {stage}
          </div>
          <div className="mx-auto grid w-full max-w-3xl shrink-0 gap-3">{below}</div>
        </div>
        <aside
          aria-label="Runs"
          className="thin-scroll phone:order-3 flex tablet:grid desk:w-[clamp(16rem,21vw,19rem)] shrink-0 tablet:grow tablet:grid-cols-2 flex-col gap-5 tablet:gap-x-8 desk:overflow-y-auto border-t bg-surface p-4 desk:border-t-0 desk:border-l"
        >
          {curve}
          <div className="tablet:-my-4 tablet:-ml-4 min-w-0 tablet:border-l tablet:py-1 tablet:pl-4">{runs}</div>
        </aside>
      </div>
    </div>
  );
}
