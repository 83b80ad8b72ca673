// The provider table: name -> file. A new provider is one file and one row.
import { cpu } from './cpu.ts';
import { cuda } from './cuda.ts';
import type { ProviderEntry, ProviderName } from './provider.ts';
import { tensorrt } from './tensorrt.ts';
import { webgpu } from './webgpu.ts';

export const PROVIDERS: Readonly<Record<ProviderName, ProviderEntry>> = { cpu, cuda, tensorrt, webgpu };

/** What `auto` tries, best first. TensorRT is taken by name only. */
export const AUTO_ORDER: readonly ProviderName[] = ['cuda', 'webgpu', 'cpu'];
