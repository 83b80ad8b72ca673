// Opens what every command that runs a model needs: the store, the library and the engine.
import { Engine, type ModelLibrary, storeLibrary } from '@tessera/engine';
import { ModelStore } from '@tessera/models';
import { POCKET_MODELS } from '@tessera/pocket';
import { openRuntime } from '@tessera/runtime';
import type { EngineFlags } from '../options/run-flags.ts';

/** The models on this machine: those that come with Tessera, and those that were pulled. */
export function openStore(): ModelStore {
  return new ModelStore({ embedded: POCKET_MODELS });
}

/** Needs no engine: inputs can be checked before one is started. */
export function openLibrary(): ModelLibrary {
  return storeLibrary(openStore());
}

/** @throws ProviderUnavailableError. Dispose of the engine to end its process. */
export async function openEngine({ provider, threads, device }: EngineFlags, library: ModelLibrary): Promise<Engine> {
  const runtime = await openRuntime({
    provider,
    ...(threads !== undefined && { threads }),
    ...(device !== undefined && { deviceId: device }),
  });
  return new Engine({ runtime, library });
}
