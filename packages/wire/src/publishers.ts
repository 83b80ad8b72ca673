// How messages are put on the bus, so that workers and the API do it alike. The database is the truth and comes first:
// whoever publishes decides what a failure means (a lost step is read from there by whoever is told of the gap).
import type { LiveChannel } from '@tessera/bus';
import type { FrameMessage, StatusChanged, StepHappened } from '@tessera/protocol';
import { encodeChange, type WorkspaceChange } from './messages/change.ts';
import { encodeFrameMessage } from './messages/frame.ts';
import { encodeStatus } from './messages/status.ts';
import { encodeStep } from './messages/step.ts';
import { topics } from './topics.ts';

type Publisher = Pick<LiveChannel, 'publish'>;

/** A subscriber that was away this long reads the lists anew anyway. ms. */
const CHANGE_TTL_MS = 60_000;

/** Lossless, numbered by the step; again with the same step is harmless. @throws BusError */
export async function publishStep(live: Publisher, message: StepHappened): Promise<void> {
  await live.publish(topics.run(message.runId), { kind: 'lossless', seq: message.seq, data: encodeStep(message) });
}

/** Latest, key `status`. @throws BusError */
export async function publishStatus(live: Publisher, message: StatusChanged): Promise<void> {
  await live.publish(topics.run(message.runId), { kind: 'latest', key: 'status', data: encodeStatus(message) });
}

/** Latest, key `frame`. @throws BusError, EventTooLargeError for a picture over the bus's limit */
export async function publishFrame(live: Publisher, message: FrameMessage): Promise<void> {
  await live.publish(topics.run(message.runId), { kind: 'latest', key: 'frame', data: encodeFrameMessage(message) });
}

/** Latest, key `<kind>:<id>` in small letters; gone after a minute. @throws BusError */
export async function publishChange(live: Publisher, workspaceId: string, change: WorkspaceChange): Promise<void> {
  await live.publish(topics.workspace(workspaceId), {
    kind: 'latest',
    key: `${change.kind.toLowerCase()}:${change.id}`,
    data: encodeChange(change),
    ttlMs: CHANGE_TTL_MS,
  });
}

/** Latest, one key, no content: positions in the queue may have changed. @throws BusError */
export async function publishQueueChanged(live: Publisher): Promise<void> {
  await live.publish(topics.queue, { kind: 'latest', data: new Uint8Array() });
}
