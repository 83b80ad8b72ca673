// Small parts on their own: tensors, provider choice, TensorRT's environment, error texts, the stderr tail.
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { StderrTail } from '../src/child/stderr-tail.ts';
import { oneLine } from '../src/errors.ts';
import {
  type DType,
  ENGINE_LIMITS,
  openRuntime,
  PROVIDERS,
  ProviderUnavailableError,
  selectProvider,
  TensorError,
  tensor,
} from '../src/index.ts';
import { probeWith } from '../src/probe.ts';
import type { Availability } from '../src/providers/provider.ts';
import { tensorrtEnvironment } from '../src/providers/tensorrt.ts';
import { noRealGpu } from '../src/providers/webgpu.ts';
import { selectWith } from '../src/select.ts';
import { failure } from './contract.ts';

describe('tensor()', () => {
  it.each<[string, () => unknown, RegExp]>([
    [
      'a wrong length',
      () => tensor('float32', [2, 3], new Float32Array(5)),
      /float32\[2,3\] was given 5 elements; it needs 6/,
    ],
    [
      'another array',
      () => tensor('int64', [1], new Float32Array(1) as never),
      /given a Float32Array; it needs a BigInt64Array/,
    ],
    ['a negative extent', () => tensor('uint8', [-1], new Uint8Array(0)), /extent -1; extents must be whole numbers/],
    ['a fraction', () => tensor('uint8', [1.5], new Uint8Array(1)), /extent 1.5/],
    [
      'an unknown dtype',
      () => tensor('float64' as DType, [1], new Float32Array(1)),
      /"float64" is unknown; use one of float32/,
    ],
    ['shared memory', () => tensor('uint8', [4], new Uint8Array(new SharedArrayBuffer(4))), /shared memory/],
  ])('refuses %s', (_, build, message) => {
    expect(build).toThrow(TensorError);
    expect(build).toThrow(message);
  });

  it('takes scalars and empty tensors, and keeps its own copy of the shape', () => {
    expect(tensor('float32', [], Float32Array.of(1)).shape).toEqual([]);
    const shape = [0, 3];
    const empty = tensor('int32', shape, new Int32Array(0));
    shape[0] = 9;
    expect(empty.shape).toEqual([0, 3]);
  });
});

describe('provider choice', () => {
  const yes: Availability = { available: true, detail: 'ran' };
  const no: Availability = { available: false, reason: 'because.', cure: 'Do this.' };

  it('auto takes the first that loads, never TensorRT, and says what it passed over', async () => {
    const tried: string[] = [];
    const selection = await selectWith('auto', async (entry) => {
      tried.push(entry.name);
      return entry.name === 'cpu' ? yes : no;
    });
    expect(selection.provider.name).toBe('cpu');
    expect(tried).not.toContain('tensorrt');
    expect(tried.at(-1)).toBe('cpu');
    expect(selection.rejected.map((r) => r.name)).toEqual(['cuda', 'webgpu']);
    expect(selection.why).toMatch(/^cpu: .*Not cuda: .*Not webgpu: /);
  });

  it('auto with nothing that loads gives every reason', async () => {
    const error = await failure(selectWith('auto', async () => no));
    expect(error).toBeInstanceOf(ProviderUnavailableError);
    expect(error.message).toMatch(/cuda: .* webgpu: .* cpu: because\. Do this\./);
  });

  it('a named provider is taken or refused, with reason and cure and no fallback', async () => {
    expect((await selectWith('webgpu', async () => yes)).provider.name).toBe('webgpu');
    const error = await failure(selectWith('cuda', async () => no));
    expect(error).toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      provider: 'cuda',
      reason: 'because.',
      cure: 'Do this.',
    });
    expect(await failure(openRuntime({ provider: 'constructor' as 'cpu', process: 'inline' }))).toMatchObject({
      provider: 'constructor',
      cure: 'Use auto, cpu, cuda, tensorrt, webgpu.',
    });
  });

  it('really tries: every provider answers for this machine, and the CPU runs', async () => {
    for (const provider of Object.values(PROVIDERS)) {
      const found = await provider.probe();
      if (!found.available) {
        expect(found.reason).toMatch(/^.+\.$/);
        expect(found.cure).toMatch(/^[A-Z].*\.$/);
        await expect(openRuntime({ provider: provider.name, process: 'inline' })).rejects.toMatchObject({
          reason: found.reason,
        });
      }
      expect(found.available || provider.name !== 'cpu').toBe(true);
    }
    expect((await selectProvider('cpu')).why).toMatch(/^cpu: asked for by name, ran the test graph/);
  });

  it('a provider that computes nonsense is not available', async () => {
    const load = async () => ({
      inputs: [],
      outputs: [],
      run: async () => ({ y: tensor('float32', [2, 2], new Float32Array(4)) }),
      [Symbol.asyncDispose]: async () => undefined,
    });
    expect(await probeWith(PROVIDERS.cpu.spec, load)).toMatchObject({
      available: false,
      reason: expect.stringContaining('wrong result'),
    });
  });

  it('knows a software Vulkan driver and a machine without a GPU', () => {
    const device = () => true;
    expect(noRealGpu({}, 'linux', device)).toBeUndefined();
    expect(noRealGpu({}, 'linux', () => false)).toMatch(/no GPU/);
    expect(noRealGpu({ VK_ICD_FILENAMES: '/x/vk_swiftshader_icd.json' }, 'linux', device)).toMatch(/runs on the CPU/);
    expect(noRealGpu({ VK_DRIVER_FILES: '/x/lvp_icd.x86_64.json' }, 'linux', device)).toMatch(/runs on the CPU/);
    expect(noRealGpu({}, 'darwin', () => false)).toBeUndefined();
  });

  it('TensorRT: our environment, under what the user has set', () => {
    const env = tensorrtEnvironment({ XDG_CACHE_HOME: '/c', ORT_TENSORRT_FP16_ENABLE: '0' });
    expect(env).toMatchObject({
      ORT_TENSORRT_ENGINE_CACHE_ENABLE: '1',
      ORT_TENSORRT_CACHE_PATH: '/c/tessera/tensorrt',
      ORT_TENSORRT_FP16_ENABLE: '0',
    });
  });
});

describe('texts', () => {
  it('oneLine flattens, cuts, and drops ONNX Runtime’s own source locations', () => {
    expect(oneLine(new Error('a\n  b'))).toBe('a b');
    expect(oneLine('/onnxruntime_src/x/y.cc:136 f(int) status == ok was false. No adapter')).toBe('No adapter');
    expect(oneLine('x'.repeat(900))).toHaveLength(400);
  });

  it('the stderr tail keeps the last lines, cut, however they arrive', async () => {
    const stream = new PassThrough();
    const tail = new StderrTail(stream, { ...ENGINE_LIMITS, stderrLines: 3, stderrLineLength: 5 });
    for (const chunk of ['one\ntw', 'o\r\n\nthree-and-more\nfour\nla', 'st']) stream.write(chunk);
    await new Promise((resolve) => setImmediate(resolve));
    expect(tail.lines).toEqual(['three', 'four', 'last']);
  });
});
