// Listens for what people ask of a held run. Commands are hints; what is really wanted, the database says.
import type { Bus } from '@tessera/bus';

export interface CommandEars {
  /** Cancelled: final, nobody takes it back. */
  onCancel(): void;
  /** Something else may be wanted: ask the database. Old commands come again after a resume, so they are not obeyed. */
  onNews(): void;
}

/** Listens until the signal is aborted; never rejects. */
export async function listen(bus: Bus, runId: string, signal: AbortSignal, ears: CommandEars): Promise<void> {
  for await (const delivery of bus.queue.signals(runId, { signal })) {
    if (delivery.type === 'command' && delivery.command.type === 'cancel') ears.onCancel();
    else ears.onNews();
  }
}
