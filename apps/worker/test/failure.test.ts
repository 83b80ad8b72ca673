// What people are told of a run that failed.
import { CheckpointOpenError } from '@tessera/models';
import { ModelLoadError } from '@tessera/runtime';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../src/failure.ts';
import { withoutFolders } from '../src/without-folders.ts';

describe('a failure', () => {
  it('names files, and not where they lie on the machine', () => {
    const file = '/home/ada/.cache/tessera/models/titok/model.safetensors';
    const missing = failureOf(new CheckpointOpenError(file, 'ENOENT', 'pull it again')).failure;
    expect(missing.message).toMatch(/^model\.safetensors: cannot be opened/);
    const detail = `Load model from ${file} failed: no such file "/data/x/y.bin" (C:\\Users\\ada\\z.onnx)`;
    const { failure } = failureOf(new ModelLoadError({ provider: 'cpu', detail }));
    expect(failure.message).not.toMatch(/ada|data/);
    expect(failure.message).toContain('Load model from model.safetensors failed: no such file "y.bin" (z.onnx)');
  });

  it('hides what nobody wrote for people', () => {
    const { failure, expected } = failureOf(new TypeError('x of undefined in /home/ada/secret.ts'));
    expect([failure.code, expected]).toEqual(['INTERNAL', false]);
    expect(failure.message).not.toContain('ada');
  });

  it.each(['8/16 crops and/or a prompt', 'openai/clip-vit/large: take it', 'https://example.org/a/b', 'half / half'])(
    'leaves "%s" as it is',
    (message) => {
      expect(withoutFolders(message)).toBe(message);
    },
  );
});
