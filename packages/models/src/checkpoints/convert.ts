// Writes any open checkpoint as safetensors, tensor by tensor, so that a 2 GB file needs no 2 GB of memory.
import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { fileSource } from './byte-source.ts';
import type { Checkpoint } from './checkpoint.ts';
import { byAlignment, encodeHeader } from './safetensors-writer.ts';

/** Bytes copied at a time: large enough for disks, small enough for any machine. */
const chunkBytes = 8 * 1024 * 1024;

/**
 * Copies all tensors of a checkpoint file into a new safetensors file, unchanged; shared storages are written once per tensor.
 * The file appears under its name only when it is whole.
 */
export async function convertToSafetensors(
  checkpoint: Checkpoint,
  path: string,
  o: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const entries = [...checkpoint.tensors.values()].sort(byAlignment);
  const temporary = `${path}.${randomUUID()}.tmp`;
  const source = await fileSource(checkpoint.path);
  try {
    const out = await open(temporary, 'wx');
    try {
      await out.writeFile(encodeHeader(entries, Object.fromEntries(checkpoint.metadata)));
      for (const { offset, length } of entries) {
        for (let done = 0; done < length; done += chunkBytes) {
          o.signal?.throwIfAborted();
          await out.writeFile(source.read(offset + done, Math.min(chunkBytes, length - done)));
        }
      }
      await out.sync();
    } finally {
      await out.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    source.close();
  }
}
