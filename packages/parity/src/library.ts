// The golden folder's models as a model library: configs read from the folder, prompts by their recorded ids.

import { join } from 'node:path';
import type { ModelLibrary } from '@tessera/engine';
import { clip, openCheckpoint, resolveFolder, titok } from '@tessera/models';
import { GOLDEN, type GoldenFile } from './golden.ts';
import { PROMPT } from './trajectory.ts';

/** The golden configs say `small`, which in these files means width 64 with 4 heads; widths and layers are read off the tensors. */
export const GOLDEN_HEADS = 4;

/** @throws the checkpoint and config errors of a damaged folder */
export async function goldenModel(name: string) {
  const model = await resolveFolder(name, join(GOLDEN, name), { heads: GOLDEN_HEADS });
  return { model, checkpoint: await openCheckpoint(model.checkpoint) };
}

export function goldenLibrary(recorded: GoldenFile): ModelLibrary {
  return {
    async tokenizer(id) {
      const { model, checkpoint } = await goldenModel(id);
      if (model.kind !== 'titok') throw new TypeError(`${id} is a ${model.kind}, not a TiTok.`);
      return { id, sha256: await checkpoint.sha256(), tokenizer: titok(model.config, checkpoint) };
    },
    async encoder(id) {
      const { model, checkpoint } = await goldenModel(id);
      if (model.kind !== 'clip') throw new TypeError(`${id} is a ${model.kind}, not a CLIP.`);
      const ids = (prompt: string) => recorded.integers(prompt === PROMPT ? 'prompt' : 'negative_prompt');
      const { contextLength } = model.config.text;
      return {
        id,
        sha256: await checkpoint.sha256(),
        encoder: clip(model.config, checkpoint),
        text: {
          contextLength,
          encode: (prompt) => ({ ids: ids(prompt), used: contextLength, truncated: 0, unknown: [] }),
        },
      };
    },
  };
}
