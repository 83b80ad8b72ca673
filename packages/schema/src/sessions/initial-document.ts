// The first content of a new session's document.
import { type InitialDocument, initialUpdate } from '@tessera/collab';
import { presetSettings } from '../catalogue/preset-settings.ts';
import { DEFAULT_OBJECTIVE } from './plan-check.ts';

const FIRST: InitialDocument = {
  settings: presetSettings('pocket', 'seed'),
  objectives: [DEFAULT_OBJECTIVE],
};

let update: Uint8Array | undefined;

/**
 * Always the same bytes within a process: of two requests with one idempotency key, the second adds nothing where both wrote
 * it, because a document takes equal updates once.
 */
export function firstUpdate(): Uint8Array {
  update ??= initialUpdate(FIRST);
  return update;
}
