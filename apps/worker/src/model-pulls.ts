// Downloads and checks in this machine's store of models, for the server whose own worker computes all runs.
import { ModelPulls, ModelStore } from '@tessera/models';
import { POCKET_MODELS } from '@tessera/pocket';
import type { ModelPulls as ModelPullsOfServer } from '@tessera/wire';
import type { Logger } from 'pino';

/** The caller closes it: that ends what is under way, and keeps what was downloaded. */
export function openModelPulls(log: Logger): ModelPullsOfServer & AsyncDisposable {
  return new ModelPulls(new ModelStore({ embedded: POCKET_MODELS }), {
    onFault: (error, model) => log.error({ err: error, model }, 'a download or check of a model failed'),
  });
}
