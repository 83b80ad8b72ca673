// Opens safetensors files and bytes: reads the header only, tensors stay where they are.
import { type ByteSource, fileSource, memorySource } from './byte-source.ts';
import { type Checkpoint, makeCheckpoint } from './checkpoint.ts';
import { CheckpointFormatError } from './errors.ts';
import { type CheckpointLimits, defaultCheckpointLimits } from './limits.ts';
import { parseHeader } from './safetensors-header.ts';

/**
 * Opens a `.safetensors` file. Close it after use (or declare it with `using`).
 * @throws CheckpointOpenError, CheckpointFormatError
 */
export async function openSafetensors(path: string, limits: Partial<CheckpointLimits> = {}): Promise<Checkpoint> {
  return readSafetensors(await fileSource(path), limits);
}

/** Opens safetensors bytes in memory, such as an uploaded token history. `label` stands for the path in messages. @throws CheckpointFormatError */
export function parseSafetensors(
  bytes: Uint8Array,
  label = 'safetensors bytes',
  limits: Partial<CheckpointLimits> = {},
): Checkpoint {
  return readSafetensors(memorySource(bytes, label), limits);
}

/** Reads the header of an open source and checks that it covers the source; closes the source when it does not. */
export function readSafetensors(source: ByteSource, overrides: Partial<CheckpointLimits>): Checkpoint {
  const limits = { ...defaultCheckpointLimits, ...overrides };
  const { path, size } = source;
  try {
    if (size < 8)
      throw new CheckpointFormatError(
        path,
        `the file has ${size} bytes`,
        'a safetensors file starts with 8 bytes of header length',
      );
    const header = source.read(0, 8);
    const length = new DataView(header.buffer).getBigUint64(0, true);
    if (length > BigInt(limits.headerBytes)) {
      throw new CheckpointFormatError(
        path,
        `the header claims ${length} bytes`,
        `at most ${limits.headerBytes} are read; is this a safetensors file?`,
      );
    }
    if (length > BigInt(size - 8)) {
      throw new CheckpointFormatError(
        path,
        `the header claims ${length} bytes, the file has ${size - 8} after the length (truncated)`,
        'download it again',
      );
    }
    const { tensors, metadata } = parseHeader(path, source.read(8, Number(length)), size, limits);
    return makeCheckpoint(source, tensors, metadata);
  } catch (error) {
    source.close();
    throw error;
  }
}
