// The file of a checkpoint's int8 matrices: made once, found again by the checkpoint's hash, made again when it is damaged.
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import {
  CheckpointFormatError,
  CheckpointOpenError,
  MissingTensorError,
  TensorShapeError,
} from '../checkpoints/errors.ts';
import { openSafetensors } from '../checkpoints/safetensors.ts';
import { byAlignment, encodeHeader, type HeaderEntry } from '../checkpoints/safetensors-writer.ts';
import type { Int8Matrix, Int8Weight } from '../parameters.ts';
import { Int8CacheError } from './errors.ts';
import { type RoundedWeight, roundWeight } from './quantise.ts';

/** Name of a linear layer's weight in the checkpoint to its shape [out, in]. */
export type MatrixShapes = ReadonlyMap<string, readonly [number, number]>;

const DIRECTIONS = ['forward', 'backward'] as const;
type Part = `${(typeof DIRECTIONS)[number]}.${'values' | 'scales'}`;

/**
 * The int8 matrices of `shapes`, in a safetensors file of `folder`. Making it takes one matrix of memory at a time; a
 * process that is killed meanwhile leaves no half file under the name.
 * @throws Int8CacheError when the folder cannot be written, the errors of reading the checkpoint
 */
export async function int8Weights(
  checkpoint: Checkpoint,
  shapes: MatrixShapes,
  folder: string,
): Promise<ReadonlyMap<string, Int8Weight>> {
  const path = join(folder, `${await checkpoint.sha256()}.int8.safetensors`);
  const kept = await readBack(path, shapes);
  if (kept) return kept;
  await write(path, folder, checkpoint, shapes);
  const made = await readBack(path, shapes);
  if (!made) throw new Int8CacheError(folder, 'EIO', 'the file just written cannot be read back');
  return made;
}

/** Undefined when there is no file, or one that is damaged or lacks a matrix. */
async function readBack(path: string, shapes: MatrixShapes): Promise<ReadonlyMap<string, Int8Weight> | undefined> {
  try {
    using file = await openSafetensors(path);
    const matrix = (
      name: string,
      direction: (typeof DIRECTIONS)[number],
      rows: number,
      columns: number,
    ): Int8Matrix => ({
      shape: [rows, columns],
      values: place(file, `${name}.${direction}.values`, 'I8', [rows, columns]),
      scales: place(file, `${name}.${direction}.scales`, 'F32', [columns]),
    });
    return new Map(
      [...shapes].map(([name, [out, width]]) => [
        name,
        {
          file: file.path,
          forward: matrix(name, 'forward', width, out),
          backward: matrix(name, 'backward', out, width),
        },
      ]),
    );
  } catch (error) {
    const useless = [CheckpointOpenError, CheckpointFormatError, MissingTensorError, TensorShapeError];
    if (useless.some((kind) => error instanceof kind)) return undefined;
    throw error;
  }
}

function place(file: Checkpoint, name: string, dtype: string, shape: readonly number[]) {
  const entry = file.tensor(name, shape);
  if (entry.dtype !== dtype)
    throw new CheckpointFormatError(file.path, `${name} is ${entry.dtype}`, `${dtype} is needed`);
  return { name, offset: entry.offset, length: entry.length };
}

async function write(path: string, folder: string, checkpoint: Checkpoint, shapes: MatrixShapes): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  const entries = [...shapes].flatMap(([name, shape]) => entriesOf(name, shape)).sort(byAlignment);
  const header = encodeHeader(entries, { source: checkpoint.path });
  const offsets = new Map<string, number>();
  let at = header.byteLength;
  for (const { name, length } of entries) {
    offsets.set(name, at);
    at += length;
  }
  try {
    await mkdir(folder, { recursive: true });
    const out = await open(temporary, 'wx');
    try {
      await out.write(header, 0, header.byteLength, 0);
      for (const [name, [rows, columns]] of shapes) {
        const rounded = roundWeight(checkpoint.read(name), rows, columns);
        for (const [part, bytes] of Object.entries(partsOf(rounded))) {
          await writeAll(out, bytes, offsets.get(`${name}.${part}`)!);
        }
      }
      await out.sync();
    } finally {
      await out.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    if (error instanceof Error && 'syscall' in error) {
      const code = 'code' in error ? String(error.code) : 'unknown';
      throw new Int8CacheError(folder, code, `${Math.ceil(at / 1e6)} MB are needed`);
    }
    throw error;
  }
}

/** A write may take less than it was given. */
async function writeAll(out: Awaited<ReturnType<typeof open>>, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    done += (await out.write(bytes, done, bytes.byteLength - done, at + done)).bytesWritten;
  }
}

function entriesOf(name: string, [out, width]: readonly [number, number]): HeaderEntry[] {
  const entry = (part: Part, dtype: 'I8' | 'F32', shape: readonly number[], length: number): HeaderEntry => ({
    name: `${name}.${part}`,
    dtype,
    shape,
    length,
  });
  return [
    entry('forward.values', 'I8', [width, out], out * width),
    entry('forward.scales', 'F32', [out], 4 * out),
    entry('backward.values', 'I8', [out, width], out * width),
    entry('backward.scales', 'F32', [width], 4 * width),
  ];
}

function partsOf(rounded: RoundedWeight): Record<Part, Uint8Array> {
  const bytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView) => new Uint8Array(buffer, byteOffset, byteLength);
  return {
    'forward.values': bytes(rounded.forward.values),
    'forward.scales': bytes(rounded.forward.scales),
    'backward.values': bytes(rounded.backward.values),
    'backward.scales': bytes(rounded.backward.scales),
  };
}
