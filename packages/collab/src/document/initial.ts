// The first content of a new session, made once, by the server: two peers that each wrote defaults would have them twice.
import * as Y from 'yjs';
import { addObjective, setSettings, setText } from './edit.ts';
import type { SessionObjective } from './objective.ts';
import { openDoc } from './roots.ts';
import type { Settings } from './settings.ts';

export interface InitialDocument {
  readonly prompt?: string;
  readonly negativePrompt?: string;
  readonly settings?: Partial<Settings>;
  readonly objectives?: readonly SessionObjective[];
}

/** An update to be stored as the first one of a session. */
export function initialUpdate({ prompt, negativePrompt, settings, objectives }: InitialDocument): Uint8Array {
  const doc = openDoc();
  if (prompt) setText(doc, 'prompt', prompt, null);
  if (negativePrompt) setText(doc, 'negativePrompt', negativePrompt, null);
  setSettings(doc, settings ?? {}, null);
  for (const objective of objectives ?? []) addObjective(doc, objective, null);
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}
