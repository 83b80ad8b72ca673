// Finds a Vulkan driver for the WebGPU suites: TESSERA_VULKAN_ICD, or SwiftShader where Debian's and others' Chromium puts it.
import { existsSync } from 'node:fs';

const USUAL = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
];
const LOADERS = [
  '/usr/lib/x86_64-linux-gnu/libvulkan.so.1',
  '/lib/x86_64-linux-gnu/libvulkan.so.1',
  '/usr/lib64/libvulkan.so.1',
];

/** The driver's json file, or why the WebGPU suites are skipped. */
export function findVulkan(): { icd: string } | { skip: string } {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { skip: 'the Vulkan driver is looked for on linux/x64 only' };
  const named = process.env.TESSERA_VULKAN_ICD;
  const icd = named ?? USUAL.find((path) => existsSync(path));
  if (icd === undefined)
    return { skip: 'no SwiftShader found (Debian: chromium-common); TESSERA_VULKAN_ICD may name a driver json' };
  if (!existsSync(icd)) return { skip: `TESSERA_VULKAN_ICD names ${icd}, which does not exist` };
  if (!LOADERS.some((path) => existsSync(path))) return { skip: 'no Vulkan loader found (Debian: libvulkan1)' };
  return { icd };
}
