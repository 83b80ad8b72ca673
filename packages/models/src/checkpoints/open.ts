// Opens a checkpoint of any form we read, by its first bytes rather than by its name.
import { fileSource } from './byte-source.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { CheckpointLimits } from './limits.ts';
import { readSafetensors } from './safetensors.ts';
import { readTorch } from './torch.ts';

/**
 * Opens safetensors, torch.save archives and TorchScript archives.
 * @throws CheckpointOpenError, CheckpointFormatError, RefusedPickleError
 */
export async function openCheckpoint(path: string, limits: Partial<CheckpointLimits> = {}): Promise<Checkpoint> {
  const source = await fileSource(path);
  const [first, second, , fourth] = source.read(0, Math.min(4, source.size));
  const isZip = first === 0x50 && second === 0x4b;
  // 0x80 starts a pickle of protocol 2 or later. A safetensors file may start so too, but its header length has a zero there.
  const isPickle = first === 0x80 && second !== undefined && second >= 2 && second <= 5 && fourth !== 0;
  return isZip || isPickle ? readTorch(source, limits) : readSafetensors(source, limits);
}
