// Model folders for tests of the store: the golden and pocket models, and folders made of given files.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { saveSafetensors, type TensorData } from '../../src/checkpoints/safetensors-writer.ts';
import { ModelStore } from '../../src/store/model-store.ts';

export const golden = join(import.meta.dirname, '../../../parity/fixtures/golden');
export const pocket = join(import.meta.dirname, '../../../pocket/models');

export interface ModelFolders {
  /** A temporary folder, with the store's own `store` in it. */
  readonly root: string;
  readonly store: ModelStore;
  /** A model folder with the given files; objects become JSON, `tensors` a safetensors file of zeros. */
  folderOf(files: Record<string, unknown>, tensors?: Record<string, readonly number[]>): Promise<string>;
}

/** Gone after the tests of the file. */
export function useModelFolders(): ModelFolders {
  const root = mkdtempSync(join(tmpdir(), 'tessera-resolve-'));
  afterAll(() => rmSync(root, { recursive: true }));
  const store = new ModelStore({
    directory: join(root, 'store'),
    embedded: {
      'pocket-32': join(pocket, 'tokenizer'),
      'pocket-clip': join(pocket, 'clip'),
      'pocket-siglip': join(pocket, 'siglip'),
    },
  });
  let made = 0;
  return {
    root,
    store,
    async folderOf(files, tensors = { a: [1] }) {
      const folder = join(root, `made-${made++}`);
      mkdirSync(folder);
      for (const [name, content] of Object.entries(files))
        writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
      const data = Object.entries(tensors).map(([name, shape]): [string, TensorData] => [
        name,
        { shape, data: new Uint8Array(shape.reduce((n, d) => n * d, 1)) },
      ]);
      await saveSafetensors(join(folder, 'model.safetensors'), Object.fromEntries(data));
      return folder;
    },
  };
}
