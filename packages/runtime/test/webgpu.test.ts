// The contract over WebGPU where a Vulkan driver is present (SwiftShader is enough), and WebGPU against CPU on the same graphs.
import { afterAll, describe, expect, it } from 'vitest';
import { openRuntime, tensor } from '../src/index.ts';
import { runtimeContract } from './contract.ts';
import { affineModel, randomArray, seeded } from './graphs.ts';
import { findVulkan } from './vulkan.ts';

const vulkan = findVulkan();

if ('skip' in vulkan) {
  console.log(`WebGPU suites skipped: ${vulkan.skip}.`);
  describe.skip(`WebGPU: ${vulkan.skip}`, () => it('is skipped', () => undefined));
} else {
  const before = process.env.VK_ICD_FILENAMES;
  process.env.VK_ICD_FILENAMES = vulkan.icd;
  afterAll(() => {
    if (before === undefined) delete process.env.VK_ICD_FILENAMES;
    else process.env.VK_ICD_FILENAMES = before;
  });
  runtimeContract('webgpu, inline', { provider: 'webgpu', process: 'inline' });
  runtimeContract('webgpu, child', { provider: 'webgpu', process: 'child' });

  it('agrees with the CPU', async () => {
    const [gpu, cpu] = await Promise.all([
      openRuntime({ provider: 'webgpu', process: 'child' }),
      openRuntime({ provider: 'cpu', process: 'child' }),
    ]);
    const random = seeded(7);
    const feeds = {
      a: tensor('float32', [32, 64], randomArray(random, 32 * 64)),
      b: tensor('float32', [64, 48], randomArray(random, 64 * 48)),
      c: tensor('float32', [48], randomArray(random, 48)),
    };
    // Without the ban on falling back this would also pass with every node on the CPU.
    const model = affineModel(32, 64, 48);
    const [onGpu, onCpu] = await Promise.all([
      gpu.load(model, { cpuFallback: false }).then((s) => s.run(feeds)),
      cpu.load(model).then((s) => s.run(feeds)),
    ]);
    const expected = onCpu.y!.data;
    const given = Array.from(onGpu.y!.data, Number);
    const worst = given.reduce((max, value, i) => Math.max(max, Math.abs(value - Number(expected[i]))), 0);
    expect(worst).toBeLessThan(1e-5);
    await Promise.all([gpu[Symbol.asyncDispose](), cpu[Symbol.asyncDispose]()]);
  });
}
