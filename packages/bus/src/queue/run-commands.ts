// Commands for running runs, carried by the live channel.
import type { RunCommand } from '@tessera/protocol';
import type { Delivery, LiveChannel } from '../live/live-channel.ts';
import { checkRunId } from '../names.ts';
import type { CommandDelivery, CommandOptions } from './run-queue.ts';

const topicOf = (runId: string) => `commands:${checkRunId(runId)}`;

export async function sendCommand(live: LiveChannel, runId: string, command: RunCommand): Promise<void> {
  await live.publish(topicOf(runId), { kind: 'lossless', data: new TextEncoder().encode(JSON.stringify(command)) });
}

export function receiveCommands(
  live: LiveChannel,
  runId: string,
  { signal }: CommandOptions,
): AsyncIterableIterator<CommandDelivery, undefined> {
  const deliveries = live.subscribe(topicOf(runId), { after: 0, ...(signal && { signal }) });
  // Not a generator: its return() would wait for the next command.
  return {
    async next() {
      for (;;) {
        const { done, value } = await deliveries.next();
        if (done) return { done, value: undefined };
        const command = read(value);
        if (command) return { done: false, value: command };
      }
    },
    return: () => deliveries.return(),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function read(delivery: Delivery): CommandDelivery | undefined {
  if (delivery.type === 'gap') return { type: 'gap' };
  if (delivery.type === 'latest') return undefined;
  const command = JSON.parse(new TextDecoder().decode(delivery.data)) as RunCommand;
  return { type: 'command', seq: delivery.seq, command };
}
