// What a subscriber of a run sees, kept in order, with a wait for what is expected.
import type { Bus } from '@tessera/bus';
import type { FrameMessage, RunStatus, StatusChanged, StepRecord } from '@tessera/protocol';
import { readRunDelivery, topics } from '@tessera/wire';

export interface Follower extends AsyncDisposable {
  readonly steps: StepRecord[];
  readonly statuses: StatusChanged[];
  readonly frames: FrameMessage[];
  readonly gaps: { readonly from: number; readonly to: number | null }[];
  /** Number of the newest step seen. */
  readonly seq: number;
  /** Settles when a step of at least this number was seen. */
  reached(seq: number): Promise<void>;
  /** Settles when the newest status is one of these. */
  became(...statuses: RunStatus[]): Promise<void>;
}

export function follow(bus: Bus, runId: string): Follower {
  const subscription = bus.live.subscribe(topics.run(runId), { after: 0 });
  const waiting = new Set<() => void>();
  const seen = { steps: [], statuses: [], frames: [], gaps: [] } as Pick<
    Follower,
    'steps' | 'statuses' | 'frames' | 'gaps'
  >;
  const reading = (async () => {
    for await (const delivery of subscription) {
      const message = readRunDelivery(delivery);
      if (message?.type === 'step') seen.steps.push(message.step);
      if (message?.type === 'status') seen.statuses.push(message);
      if (message?.type === 'frame') seen.frames.push(message.frame);
      if (message?.type === 'gap') seen.gaps.push(message);
      for (const check of waiting) check();
    }
  })();
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!holds()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  return {
    ...seen,
    get seq() {
      return (seen.steps.at(-1)?.step ?? -1) + 1;
    },
    reached(seq) {
      return until(() => this.seq >= seq);
    },
    became: (...statuses) => until(() => statuses.some((status) => seen.statuses.at(-1)?.status === status)),
    async [Symbol.asyncDispose]() {
      await subscription.return();
      await reading;
    },
  };
}
