// The WebGPU provider (Dawn): Vulkan on linux/x64, Metal on macOS, Direct3D 12 on Windows; inside the npm package.
// ONNX Runtime 1.30 frees a disposed session's weights on the device only when the last session is gone (docs/gpu.md).
import { existsSync, readdirSync } from 'node:fs';
import { defineProvider } from './provider.ts';

/** Vulkan drivers that draw on the CPU: correct, but many times slower than our CPU provider. */
const SOFTWARE_DRIVERS = /swiftshader|lvp|lavapipe|llvmpipe/i;

/** A reason to think that the adapter is not a real GPU, or undefined. The binding does not tell which adapter it took, so Linux is asked. */
export function noRealGpu(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  hasDevice: () => boolean = hasGpuDevice,
): string | undefined {
  const driver = env.VK_DRIVER_FILES ?? env.VK_ICD_FILENAMES;
  if (driver !== undefined && SOFTWARE_DRIVERS.test(driver)) return `the Vulkan driver ${driver} runs on the CPU.`;
  return platform === 'linux' && !hasDevice() ? 'this machine has no GPU device.' : undefined;
}

function hasGpuDevice(): boolean {
  if (existsSync('/dev/nvidia0') || existsSync('/dev/dxg')) return true;
  return existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('renderD'));
}

export const webgpu = defineProvider({
  name: 'webgpu',
  cure: 'Install the Vulkan loader (Debian: libvulkan1) and the Vulkan driver of your GPU; see docs/gpu.md.',
  precheck: () =>
    process.platform === 'linux' && process.arch !== 'x64'
      ? `onnxruntime-node has this provider on linux/x64, not on linux/${process.arch}.`
      : undefined,
  passOver: () => noRealGpu(),
  executionProviders: () => ['webgpu'],
});
