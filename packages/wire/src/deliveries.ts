// What arrives on the topic of a run, read: steps, the newest status, the newest picture, gaps.
import type { Delivery } from '@tessera/bus';
import type { FrameMessage, StatusChanged, StepHappened } from '@tessera/protocol';
import { decodeFrameMessage } from './messages/frame.ts';
import { decodeStatus } from './messages/status.ts';
import { decodeStep } from './messages/step.ts';

export type RunDelivery =
  | StepHappened
  | StatusChanged
  | { readonly type: 'frame'; readonly frame: FrameMessage }
  /** Read steps `from` to `to` (seq, both included) from the database; `to` null: everything from `from` on. */
  | { readonly type: 'gap'; readonly from: number; readonly to: number | null };

/** Undefined: a slot that was emptied or is not known here. @throws WireFormatError */
export function readRunDelivery(delivery: Delivery): RunDelivery | undefined {
  switch (delivery.type) {
    case 'event':
      return decodeStep(delivery.data);
    case 'gap':
      return delivery;
    case 'latest':
      if (delivery.data === null) return undefined;
      if (delivery.key === 'status') return decodeStatus(delivery.data);
      return delivery.key === 'frame' ? { type: 'frame', frame: decodeFrameMessage(delivery.data) } : undefined;
  }
}
