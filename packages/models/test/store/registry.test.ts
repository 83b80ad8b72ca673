// The registry of known models, and where they lie.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultModelsDirectory } from '../../src/store/directory.ts';
import { findModel, models } from '../../src/store/registry.ts';
import { golden, pocket, useModelFolders } from '../support/model-folders.ts';

const { root, store } = useModelFolders();

describe('the registry', () => {
  it('lists every tokenizer and encoder of the paper once', async () => {
    const list = await store.list();
    expect(new Set(list.map((m) => m.id)).size).toBe(list.length);
    const repos = list.flatMap((m) => m.repo ?? []);
    for (const tail of [
      'l32',
      'b64',
      's128',
      'bl64_vq8k',
      'bl128_vq8k',
      'sl256_vq8k',
      'll32_vae_c16',
      'bl64_vae_c16',
      'bl128_vae_c16',
    ])
      expect(repos).toContain(`yucornetto/tokenizer_titok_${tail}_imagenet`);
    for (const repo of [
      'fun-research/TiTok',
      'laion/CLIP-ViT-B-32-laion2B-s34B-b79K',
      'google/siglip-base-patch16-224',
    ])
      expect(repos).toContain(repo);
    expect(list.filter((m) => m.state === 'embedded').map((m) => m.id)).toEqual([
      'pocket-32',
      'pocket-clip',
      'pocket-siglip',
    ]);
    expect(list.filter((m) => m.state !== 'embedded').every((m) => m.state === 'absent')).toBe(true);
  });

  it('pins a hash only together with a commit', () => {
    for (const m of models) if (m.files.some((f) => f.sha256)) expect(m.revision).toMatch(/^[0-9a-f]{40}$/);
  });

  it('has the true sizes of the embedded models', () => {
    for (const [id, folder] of [
      ['pocket-32', 'tokenizer'],
      ['pocket-clip', 'clip'],
      ['pocket-siglip', 'siglip'],
    ] as const) {
      const size = readFileSync(join(pocket, folder, 'model.safetensors')).length;
      expect(Math.abs((findModel(id)?.bytes ?? 0) / size - 1)).toBeLessThan(0.5);
    }
  });

  it('resolves a store folder whose files were copied by hand', async () => {
    cpSync(join(golden, 'siglip'), join(root, 'store/siglip-base-patch16-224'), { recursive: true });
    await expect(store.resolve('siglip-base-patch16-224')).rejects.toThrow(/tokenizer.json is missing/);
    writeFileSync(join(root, 'store/siglip-base-patch16-224/tokenizer.json'), '{}');
    expect(await store.resolve('siglip-base-patch16-224')).toMatchObject({ kind: 'siglip' });
    expect(await store.verify('siglip-base-patch16-224')).toMatchObject({ ok: false });
  });

  it('keeps models where the platform keeps data', () => {
    expect(defaultModelsDirectory({ TESSERA_MODELS: 'elsewhere' })).toBe('elsewhere');
    expect(defaultModelsDirectory({ XDG_DATA_HOME: 'data' }, 'linux')).toBe(join('data', 'tessera', 'models'));
    expect(defaultModelsDirectory({ LOCALAPPDATA: 'local' }, 'win32')).toBe(join('local', 'Tessera', 'models'));
    expect(defaultModelsDirectory({}, 'darwin')).toMatch(/Application Support/);
  });
});
